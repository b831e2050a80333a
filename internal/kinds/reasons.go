package kinds

// Condition types and reasons that only a controller's own Go module exports, together with its whole API. Those of Kubernetes
// are in k8s.io/api, those common to Flux in github.com/fluxcd/pkg/apis/meta.

// OpenChoreo's condition types (openchoreo v1.2.3 internal/controller, controller_conditions.go of each kind; renderedrelease/controller.go).
const (
	ConditionReady                     = "Ready" // most operators also summarize the others in it
	ConditionFinalizing                = "Finalizing"
	ConditionReleaseSynced             = "ReleaseSynced"
	ConditionConnectionsResolved       = "ConnectionsResolved"
	ConditionResourceDependenciesReady = "ResourceDependenciesReady"
	ConditionResourcesReady            = "ResourcesReady"
	ConditionSynced                    = "Synced"
	ConditionNamespaceReady            = "NamespaceReady"
	ConditionResourcesApplied          = "ResourcesApplied"
	ConditionWorkflowCompleted         = "WorkflowCompleted"
	ConditionWorkflowSucceeded         = "WorkflowSucceeded"
	ConditionWorkflowFailed            = "WorkflowFailed"
)

// OpenChoreo's reasons (openchoreo v1.2.3 internal/controller, controller_conditions.go of each kind).
const (
	ReasonAutoDeployFailed            = "AutoDeployFailed"
	ReasonCleanupFailed               = "CleanupFailed"
	ReasonComponentNotFound           = "ComponentNotFound"
	ReasonComponentReleaseNotFound    = "ComponentReleaseNotFound"
	ReasonComponentTypeNotFound       = "ComponentTypeNotFound"
	ReasonDataPlaneNotFound           = "DataPlaneNotFound"
	ReasonDeploymentPipelineNotFound  = "DeploymentPipelineNotFound"
	ReasonEnvironmentNotFound         = "EnvironmentNotFound"
	ReasonInvalidConfiguration        = "InvalidConfiguration"
	ReasonInvalidReleaseConfiguration = "InvalidReleaseConfiguration"
	ReasonNamespaceMissing            = "NamespaceMissing"
	ReasonNamespaceProgressing        = "NamespaceProgressing"
	ReasonProjectNotFound             = "ProjectNotFound"
	ReasonProjectReleaseNotFound      = "ProjectReleaseNotFound"
	ReasonProjectReleaseNotSet        = "ProjectReleaseNotSet"
	ReasonReleaseOwnershipConflict    = "ReleaseOwnershipConflict"
	ReasonReleaseUpdateFailed         = "ReleaseUpdateFailed"
	ReasonRenderingFailed             = "RenderingFailed"
	ReasonResourceApplyFailed         = "ResourceApplyFailed"
	ReasonResourcesProgressing        = "ResourcesProgressing"
	ReasonTraitNotFound               = "TraitNotFound"
	ReasonWorkflowNotAllowed          = "WorkflowNotAllowed"
	ReasonWorkflowNotFound            = "WorkflowNotFound"
	ReasonWorkloadNotFound            = "WorkloadNotFound"
)

// Condition types of Flux's sources and HelmReleases (source-controller v1.9.3 api/v1 condition_types.go, gitrepository_types.go;
// helm-controller v1.6.3 api/v2 condition_types.go).
const (
	ConditionArtifactOutdated       = "ArtifactOutdated"
	ConditionBuildFailed            = "BuildFailed"
	ConditionFetchFailed            = "FetchFailed"
	ConditionIncludeUnavailable     = "IncludeUnavailable"
	ConditionSourceVerified         = "SourceVerified"
	ConditionStorageOperationFailed = "StorageOperationFailed"
	ConditionDrifted                = "Drifted"
	ConditionReleased               = "Released"
	ConditionRemediated             = "Remediated"
)

// Reasons of Flux's controllers (source-controller v1.9.3 api/v1 condition_types.go, internal/controller, internal/helm/chart/errors.go;
// source-watcher v2.2 api/v1beta1; helm-controller v1.6.3 internal/controller; fluxcd/pkg apis/acl v0.10).
const (
	ReasonAuthenticationFailed         = "AuthenticationFailed"
	ReasonInvalidChartReference        = "InvalidChartReference"
	ReasonInvalidProviderConfiguration = "InvalidProviderConfiguration"
	ReasonInvalidSTSConfiguration      = "InvalidSTSConfiguration"
	ReasonInvalidVerificationMode      = "InvalidVerificationMode"
	ReasonNoSourceArtifact             = "NoSourceArtifact"
	ReasonURLInvalid                   = "URLInvalid"
	ReasonSourceFetchFailed            = "SourceFetchFailed"
	ReasonSourceNotReady               = "SourceNotReady"
	ReasonAccessDenied                 = "AccessDenied"
)

// ReasonUpdateFailed is that of the event in which External Secrets reports why a sync failed (external-secrets v0.16.2
// apis/externalsecrets/v1/externalsecret_types.go).
const ReasonUpdateFailed = "UpdateFailed"

// Reasons of Kubernetes that are not in its API (Kubernetes v1.36 pkg/controller/deployment/util/deployment_util.go,
// pkg/controller/controller_utils.go, pkg/controller/volume/events/event.go, pkg/kubelet/events/event.go, pkg/kubelet/images/types.go,
// pkg/kubelet/container/sync_result.go, pkg/kubelet/kuberuntime/kuberuntime_container.go, pkg/util/node/node.go, pkg/scheduler/schedule_one.go).
const (
	ReasonNewReplicaSetAvailable = "NewReplicaSetAvailable"
	ReasonFailedCreate           = "FailedCreate"
	ReasonProvisioningFailed     = "ProvisioningFailed"
	ReasonFailedBinding          = "FailedBinding"
	ReasonFailedMount            = "FailedMount"
	ReasonFailedAttachVolume     = "FailedAttachVolume"
	ReasonFailedCreatePodSandBox = "FailedCreatePodSandBox"
	ReasonUnhealthy              = "Unhealthy"
	ReasonNodeNotReady           = "NodeNotReady"
	ReasonNodeLost               = "NodeLost"
	ReasonFailedScheduling       = "FailedScheduling"
	ReasonCrashLoopBackOff       = "CrashLoopBackOff"
	ReasonErrImagePull           = "ErrImagePull"
	ReasonErrImageNeverPull      = "ErrImageNeverPull"
	ReasonImageInspectError      = "ImageInspectError"
	ReasonImagePullBackOff       = "ImagePullBackOff"
	ReasonInvalidImageName       = "InvalidImageName"
	ReasonRegistryUnavailable    = "RegistryUnavailable"

	ReasonCreateContainerConfigError = "CreateContainerConfigError"
	ReasonCreateContainerError       = "CreateContainerError"
	ReasonPostStartHookError         = "PostStartHookError"
	ReasonPreCreateHookError         = "PreCreateHookError"
	ReasonRunContainerError          = "RunContainerError"
)
