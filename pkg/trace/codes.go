package trace

// The codes, by rung. Each says what is the matter in the words of the field.
const (
	// Any rung: the facts themselves are missing.
	CodeForbidden   Code = "Forbidden"
	CodeUnreachable Code = "Unreachable"
	CodeNoKind      Code = "KindNotInstalled"
	CodeTerminating Code = "Terminating"
	// CodeNotObserved means that a controller has not looked at the object's present generation for too long.
	CodeNotObserved Code = "GenerationNotObserved"

	CodeRevisionUnknown Code = "RevisionUnknown"

	CodeSourceAbsent      Code = "SourceNotFound"
	CodeSourceFetchFailed Code = "SourceFetchFailed"
	CodeSourceSuspended   Code = "SourceSuspended"
	CodeSourceNotFetched  Code = "RevisionNotFetched"
	CodeSourceNotReady    Code = "SourceNotReady"

	CodeKustomizationAbsent         Code = "KustomizationNotFound"
	CodeKustomizationBuildFailed    Code = "KustomizationBuildFailed"
	CodeKustomizationDryRunFailed   Code = "KustomizationDryRunFailed"
	CodeKustomizationApplyFailed    Code = "KustomizationApplyFailed"
	CodeKustomizationArtifactFailed Code = "KustomizationArtifactFailed"
	CodeKustomizationPruneFailed    Code = "KustomizationPruneFailed"
	CodeKustomizationStalled        Code = "KustomizationStalled"
	CodeKustomizationSuspended      Code = "KustomizationSuspended"
	CodeKustomizationBehind         Code = "KustomizationBehind"
	CodeKustomizationStuck          Code = "KustomizationStuck"
	CodeHealthCheckFailed           Code = "HealthCheckFailed"
	CodeDependencyNotReady          Code = "DependencyNotReady"
	CodeWebhookUnavailable          Code = "WebhookUnavailable"

	CodeProjectAbsent            Code = "ProjectNotFound"
	CodeProjectNotReady          Code = "ProjectNotReady"
	CodeDeploymentPipelineAbsent Code = "DeploymentPipelineNotFound"

	CodeComponentAbsent     Code = "ComponentNotFound"
	CodeComponentPruned     Code = "AppliedButAbsent"
	CodeComponentTypeAbsent Code = "ComponentTypeNotFound"
	CodeComponentNotReady   Code = "ComponentNotReady"

	CodeWorkloadAbsent      Code = "WorkloadNotFound"
	CodeWorkloadDuplicate   Code = "MultipleWorkloads"
	CodeWorkloadNotReleased Code = "WorkloadNotReleased"

	CodeReleaseAbsent    Code = "ComponentReleaseNotFound"
	CodeReleaseNotPinned Code = "ReleaseNotPinned"

	CodeEnvironmentAbsent Code = "EnvironmentNotFound"
	CodeDataPlaneAbsent   Code = "DataPlaneNotFound"
	CodeAgentDisconnected Code = "AgentDisconnected"
	CodeAgentSilent       Code = "AgentSilent"

	CodeCellAbsent          Code = "ProjectReleaseBindingNotFound"
	CodeCellNotReady        Code = "ProjectReleaseBindingNotReady"
	CodeCellNamespaceAbsent Code = "CellNamespaceNotFound"

	CodeBindingAbsent      Code = "ReleaseBindingNotFound"
	CodeBindingFailed      Code = "ReleaseBindingFailed"
	CodeStaleNotFound      Code = "StaleNotFound"
	CodeConnectionsPending Code = "ConnectionsPending"
	CodeResourcesPending   Code = "ResourceDependenciesPending"

	CodeRenderedAbsent   Code = "RenderedReleaseNotFound"
	CodeApplyFailed      Code = "ApplyFailed"
	CodeNotApplied       Code = "GenerationNotApplied"
	CodePlaneNotListable Code = "AppliedButNotListed"

	CodeDeploymentDegraded    Code = "DeploymentDegraded"
	CodeDeploymentProgressing Code = "DeploymentProgressing"
	CodeResourceDegraded      Code = "ResourceDegraded"
	CodeResourceAbsent        Code = "ResourceNotFound"
	CodeJobFailed             Code = "JobFailed"

	CodeImagePullBackOff     Code = "ImagePullBackOff"
	CodeCrashLoopBackOff     Code = "CrashLoopBackOff"
	CodeOOMKilled            Code = "OOMKilled"
	CodeContainerConfigError Code = "ContainerConfigError"
	CodeContainerFailed      Code = "ContainerFailed"
	CodeUnschedulable        Code = "Unschedulable"
	CodePodNotReady          Code = "PodNotReady"
	CodePodFailed            Code = "PodFailed"
	CodePodsNotCreated       Code = "PodsNotCreated"

	CodeEndpointNotResolved Code = "EndpointNotResolved"
)
