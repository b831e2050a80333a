package verify

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Transient reports whether what a code names may heal without a new commit and without anybody's help: its controller tries
// again, or it waits for something that may come. The clocks of package trace have run out by the time that it is said, so
// what is normal for a while is not among it. All else is final, codes that are not known here as well.
func Transient(c trace.Code) bool {
	return slices.Contains(transient(), c)
}

func transient() []trace.Code {
	return []trace.Code{
		// A server, a network or a controller that may come back.
		trace.CodeUnreachable, trace.CodeNotObserved, trace.CodeControllerNotRunning, trace.CodeAgentDisconnected,
		trace.CodeAgentSilent, trace.CodeWebhookUnavailable, trace.CodeSourceFetchFailed, trace.CodeSourceNotReady,
		trace.CodeSourceStorageFailed, trace.CodeSourceIncludeUnavailable, trace.CodeGeneratorFailed,
		trace.CodeSecretNotSynced, trace.CodeSecretStoreNotReady, trace.CodeCertificateNotReady, trace.CodeGatewayNotReady,
		trace.CodeRouteNotAccepted, trace.CodeRouteUnclaimed, trace.CodeAutoscalerFailing,
		// An applier that is not done with it, or does it again at its next interval.
		trace.CodeTerminating, trace.CodeAppliedButAbsent, trace.CodeFieldDrift, trace.CodeResourceDrift,
		trace.CodeHelmReleaseDrifted, trace.CodeKustomizationArtifactFailed, trace.CodeKustomizationPruneFailed,
		trace.CodeKustomizationBehind, trace.CodeKustomizationStuck, trace.CodeHealthCheckFailed,
		trace.CodeDependencyNotReady, trace.CodeApplicationSyncFailed, trace.CodeApplicationOutOfSync,
		trace.CodeApplicationNotHealthy,
		// OpenChoreo, which tries to apply again, and what is waited for by name.
		trace.CodeComponentAbsent, trace.CodeProjectNotReady, trace.CodeComponentNotReady, trace.CodeCellNotReady,
		trace.CodeCellNamespaceAbsent, trace.CodeBindingAbsent, trace.CodeEnvironmentAbsent, trace.CodeRenderedAbsent,
		trace.CodeApplyFailed, trace.CodeApplyFailedStale, trace.CodeNotApplied, trace.CodePlaneNotListable,
		trace.CodeCleanupFailed, trace.CodeObservabilityRelease, trace.CodeSecretReference, trace.CodeConnectionsPending,
		trace.CodeProviderAbsent, trace.CodeProviderNotBound, trace.CodeProviderEndpoint, trace.CodeProviderNotReady,
		trace.CodeResourcesPending, trace.CodeEndpointNotResolved, trace.CodeProbeFailed,
		// Kubernetes, which starts pods again, and finds room for them when there is some.
		trace.CodeDeploymentDegraded, trace.CodePodsRefused, trace.CodeResourceNotReady, trace.CodeResourceAbsent,
		trace.CodeDaemonSetNotReady, trace.CodeVolumeClaimPending, trace.CodeVolumeNotMounted, trace.CodeCrashLoopBackOff,
		trace.CodeContainerFailed, trace.CodeUnschedulable, trace.CodePodNotReady, trace.CodePodFailed,
		trace.CodePodsNotCreated, trace.CodePodFlapping, trace.CodePodTerminating,
	}
}
