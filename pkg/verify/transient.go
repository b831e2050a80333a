package verify

import (
	"regexp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Transient reports whether what a finding names may heal without a new commit and without anybody's help: its controller tries
// again, or it waits for something that may come. The clocks of package trace have run out by the time that it is said, so
// what is normal for a while is not among it. All else is final, codes that are not known here as well.
func Transient(f trace.Finding) bool {
	if slices.Contains(decidedByMessage(), f.Code) {
		return serverUnavailable.MatchString(f.Message)
	}
	return slices.Contains(transientCodes(), f.Code)
}

// decidedByMessage are the codes of which only the words tell: an image that is not there and a manifest that is refused stay so.
func decidedByMessage() []trace.Code {
	return []trace.Code{trace.CodeImagePullBackOff, trace.CodeKustomizationApplyFailed, trace.CodeKustomizationDryRunFailed}
}

// serverUnavailable are the words for a server that does not answer, or wants no more questions for now: of a kubelet about its registry
// (containerd v2 core/remotes/docker, Go's net), and of kustomize-controller about an API server that restarts (v1.9.3, with
// k8s.io/apimachinery's errors).
var serverUnavailable = regexp.MustCompile(`(?i)\b(?:429 Too Many Requests|toomanyrequests|5\d\d (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|` +
	`i/o timeout|TLS handshake timeout|context deadline exceeded|timed out waiting for the condition|connection (?:refused|reset)|no such host|` +
	`temporary failure|unexpected EOF|client connection lost|etcdserver: |the server (?:is currently unable|was unable))`)

// isCrash are the findings of one crash loop. Between two crashes the container runs, and may look well.
func isCrash(c trace.Code) bool {
	return slices.Contains([]trace.Code{trace.CodeCrashLoopBackOff, trace.CodeContainerFailed}, c)
}

func transientCodes() []trace.Code {
	return []trace.Code{
		// A server, a network or a controller that may come back.
		trace.CodeUnreachable, trace.CodeGenerationNotObserved, trace.CodeControllerNotRunning, trace.CodeAgentDisconnected,
		trace.CodeAgentSilent, trace.CodeWebhookUnavailable, trace.CodeSourceFetchFailed, trace.CodeSourceNotReady,
		trace.CodeSourceStorageFailed, trace.CodeSourceIncludeUnavailable, trace.CodeArtifactGeneratorFailed,
		trace.CodeSecretNotSynced, trace.CodeSecretStoreNotReady, trace.CodeCertificateNotReady, trace.CodeGatewayNotReady,
		trace.CodeRouteNotAccepted, trace.CodeRouteUnclaimed, trace.CodeAutoscalerFailing,
		// An applier that is not done with it, or does it again at its next interval.
		trace.CodeTerminating, trace.CodeAppliedButAbsent, trace.CodeFieldDrift, trace.CodeResourceDrift,
		trace.CodeHelmReleaseDrifted, trace.CodeKustomizationArtifactFailed, trace.CodeKustomizationPruneFailed,
		trace.CodeKustomizationBehind, trace.CodeDeliveryStuck, trace.CodeHealthCheckFailed,
		trace.CodeDependencyNotReady, trace.CodeApplicationSyncFailed, trace.CodeApplicationOutOfSync,
		trace.CodeApplicationNotHealthy,
		// What is missing may come with another Kustomization of the same commit. A binding that has not looked again since then
		// is StaleNotFound, which does not heal: it watches none of these (openchoreo v1.2.3 releasebinding/controller.go:1539).
		trace.CodeProjectNotFound, trace.CodeComponentNotFound, trace.CodeComponentTypeNotFound, trace.CodeTraitNotFound,
		trace.CodeWorkloadNotFound, trace.CodeComponentReleaseNotFound, trace.CodeEnvironmentNotFound, trace.CodeDataPlaneNotFound,
		trace.CodeDeploymentPipelineNotFound, trace.CodePipelineEnvironmentNotFound, trace.CodeReleaseBindingNotFound, trace.CodeProjectReleaseBindingNotFound,
		trace.CodeProjectReleaseNotFound, trace.CodeCellNamespaceNotFound, trace.CodeRenderedReleaseNotFound, trace.CodeProviderNotFound,
		trace.CodeProviderNotBound, trace.CodeProviderEndpointNotFound, trace.CodeSecretReferenceNotUsable,
		// OpenChoreo, which tries to apply again, and what it waits for.
		trace.CodeProjectNotReady, trace.CodeComponentNotReady, trace.CodeProjectReleaseBindingNotReady, trace.CodeApplyFailed,
		trace.CodeStaleApplyFailed, trace.CodeGenerationNotApplied, trace.CodeAppliedButNotListed, trace.CodeCleanupFailed,
		trace.CodeObservabilityReleaseFailed, trace.CodeConnectionsPending, trace.CodeProviderNotReady, trace.CodeResourceDependenciesPending,
		trace.CodeEndpointNotResolved, trace.CodeProbeFailed,
		// Kubernetes, which starts pods again, finds room for them when there is some, and waits for the Secrets that they name.
		trace.CodeDeploymentDegraded, trace.CodePodsRefused, trace.CodeResourceNotReady, trace.CodeResourceNotFound,
		trace.CodeDaemonSetNotReady, trace.CodeVolumeClaimPending, trace.CodeVolumeNotMounted, trace.CodeCrashLoopBackOff,
		trace.CodeContainerFailed, trace.CodeContainerConfigError, trace.CodeUnschedulable, trace.CodePodNotReady,
		trace.CodePodFailed, trace.CodePodsNotCreated, trace.CodePodFlapping, trace.CodePodStuckTerminating,
		trace.CodeNodeNotReady, trace.CodeReadinessGateNotMet,
	}
}
