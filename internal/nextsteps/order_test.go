package nextsteps

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestOrdered: a command that repeats the message is left out if others read, and no command that reads comes after the fix.
func TestOrdered(t *testing.T) {
	t.Parallel()
	step := func(command string) trace.NextStep { return trace.NextStep{Command: command} }
	afterFix := func(command string) trace.NextStep { return trace.NextStep{Command: command, AfterFix: true} }
	pod := trace.Finding{Code: trace.CodePodNotReady, Severity: trace.Error, Object: facts.Ref{Kind: "Pod", Name: "a"}}
	node, hook, failed, outdated := pod, pod, pod, pod
	node.Object.Kind, hook.Severity, outdated.Severity = "Node", trace.Info, trace.Warning
	drifted := pod
	drifted.Code = trace.CodeHelmReleaseDrifted
	for name, c := range map[string]struct {
		finding trace.Finding
		steps   []trace.NextStep
		want    []string
	}{
		"Describe":        {pod, []trace.NextStep{step("kubectl describe pod a -n x"), step("kubectl logs a -n x")}, []string{"kubectl logs a -n x"}},
		"Only":            {pod, []trace.NextStep{step("kubectl describe pod a -n x"), afterFix("kubectl choreo reconcile a")}, []string{"kubectl describe pod a -n x", "kubectl choreo reconcile a"}},
		"Rollback":        {pod, []trace.NextStep{step("kubectl get componentreleases -n x"), step("kubectl logs a -n x")}, []string{"kubectl logs a -n x", "kubectl get componentreleases -n x"}},
		"OfAnother":       {pod, []trace.NextStep{step("kubectl describe pod b -n x"), step("kubectl logs a -n x")}, []string{"kubectl describe pod b -n x", "kubectl logs a -n x"}},
		"ByLabel":         {pod, []trace.NextStep{step("kubectl describe pods -n x -l a=b"), step("kubectl logs a -n x")}, []string{"kubectl describe pods -n x -l a=b", "kubectl logs a -n x"}},
		"Events":          {pod, []trace.NextStep{step("kubectl events --for=pod/a -n x"), step("kubectl choreo lint")}, []string{"kubectl choreo lint"}},
		"EventsHaveMore":  {drifted, []trace.NextStep{step("kubectl events --for=pod/a -n x"), step("kubectl choreo lint")}, []string{"kubectl events --for=pod/a -n x", "kubectl choreo lint"}},
		"Node":            {node, []trace.NextStep{step("kubectl describe node a"), step("kubectl get pods -A")}, []string{"kubectl describe node a", "kubectl get pods -A"}},
		"Application":     {failed, []trace.NextStep{step("argocd app get x/a"), step("kubectl choreo lint")}, []string{"kubectl choreo lint"}},
		"Retried":         {failed, []trace.NextStep{step("argocd app get x/a"), step("argocd app terminate-op x/a"), step("kubectl choreo lint"), afterFix("argocd app sync x/a")}, []string{"kubectl choreo lint", "argocd app terminate-op x/a", "argocd app sync x/a"}},
		"RetriedTooLong":  {outdated, []trace.NextStep{step("argocd app get x/a"), step("argocd app terminate-op x/a"), step("kubectl choreo lint")}, []string{"argocd app terminate-op x/a", "kubectl choreo lint"}},
		"Wait":            {pod, []trace.NextStep{step("kubectl describe pod a -n x"), step("kubectl choreo verify a")}, []string{"kubectl describe pod a -n x", "kubectl choreo verify a"}},
		"WaitingForAHook": {hook, []trace.NextStep{step("argocd app get x/a"), step("kubectl choreo lint")}, []string{"argocd app get x/a", "kubectl choreo lint"}},
		"BeforeAChange":   {pod, []trace.NextStep{step("kubectl describe pod a -n x"), step("kubectl delete pod a -n x"), step("kubectl logs a -n x")}, []string{"kubectl describe pod a -n x", "kubectl delete pod a -n x", "kubectl logs a -n x"}},
		"AfterTheFix": {
			pod,
			[]trace.NextStep{step("kubectl choreo lint"), afterFix("kubectl choreo reconcile a"), step("kubectl get pod a"), afterFix("flux reconcile kustomization a")},
			[]string{"kubectl choreo lint", "kubectl choreo reconcile a", "flux reconcile kustomization a"},
		},
	} {
		if diff := cmp.Diff(c.want, commands(ordered(c.steps, c.finding))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAnswered: a command is left out where the message or the hint has its result.
func TestAnswered(t *testing.T) {
	t.Parallel()
	applier := facts.Ref{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}
	for name, c := range map[string]struct {
		finding trace.Finding
		command string // a part of it
		want    bool
	}{
		"TagIsMissing":      {trace.Finding{Code: trace.CodeImagePullBackOff, Message: "x: not found"}, "imagePullSecrets", false},
		"PullIsRefused":     {trace.Finding{Code: trace.CodeImagePullBackOff, Message: "401 Unauthorized"}, "imagePullSecrets", true},
		"ReconcileWithTag":  {trace.Finding{Code: trace.CodeImagePullBackOff, Message: "x: not found"}, "kubectl choreo reconcile", true},
		"HasARelease":       {trace.Finding{Code: trace.CodeReleaseBindingNotFound, Hint: "a ReleaseBinding that names a ComponentRelease, such as a-1"}, "occ componentrelease", false},
		"HasNoRelease":      {trace.Finding{Code: trace.CodeReleaseBindingNotFound, Hint: "a ReleaseBinding that names a ComponentRelease"}, "occ componentrelease", true},
		"NoMetrics":         {trace.Finding{Code: trace.CodeAutoscalerFailing, Message: "no metrics"}, "apiservices", true},
		"NoTarget":          {trace.Finding{Code: trace.CodeAutoscalerFailing, Message: "the target does not exist"}, "apiservices", false},
		"TargetsAreListed":  {trace.Finding{Code: trace.CodeAutoscalerFailing, Message: "the target does not exist"}, "deployments,statefulsets", true},
		"TargetOfKEDA":      {trace.Finding{Code: trace.CodeAutoscalerFailing, Message: "ScaledObject doesn't have correct scaleTargetRef specification: deployments.apps \"x\" not found"}, "deployments,statefulsets", true},
		"RequestInBinding":  {trace.Finding{Code: trace.CodeUnschedulable, Fix: trace.FixOverrides}, "occ componentrelease", false},
		"RequestElsewhere":  {trace.Finding{Code: trace.CodeUnschedulable}, "occ componentrelease", true},
		"TypeOfOtherKind":   {trace.Finding{Code: trace.CodeComponentTypeNotFound, Fix: trace.FixRecreate}, "kubectl get componenttypes", false},
		"TypeIsMissing":     {trace.Finding{Code: trace.CodeComponentTypeNotFound}, "kubectl get componenttypes", true},
		"KeysAreListed":     {trace.Finding{Code: trace.CodeSecretReferenceNotUsable, Message: "x; available keys: [a]"}, "kubectl get secretreferences", false},
		"WorkflowsAreNamed": {trace.Finding{Code: trace.CodeWorkflowNotUsable, Message: "x; allowed workflows: [a]"}, "kubectl get clusterworkflows", false},
		"NoWorkflow":        {trace.Finding{Code: trace.CodeWorkflowNotUsable, Message: "x"}, "kubectl get clusterworkflows", true},
		"NetworkAtFault":    {trace.Finding{Code: trace.CodeSourceFetchFailed, Fix: trace.FixNetwork}, "networkpolicies", true},
		"Certificate":       {trace.Finding{Code: trace.CodeSourceFetchFailed}, "networkpolicies", false},
		"ReleaseExists":     {trace.Finding{Code: trace.CodeImagePullBackOff, Message: "x", Fix: trace.FixReleaseName}, "occ componentrelease", false},
		"SyncedAgain":       {trace.Finding{Code: trace.CodeApplicationOutOfSync, Fix: trace.FixSpec}, "argocd app sync", false},
		"NotSynced":         {trace.Finding{Code: trace.CodeApplicationOutOfSync}, "argocd app sync", true},
		"FileIsCorrect":     {trace.Finding{Code: trace.CodeKustomizationBuildFailed, Object: applier, Message: "MalformedYAMLError"}, "git log -p", false},
		"Reseal":            {trace.Finding{Code: trace.CodeSecretNotSynced, Message: "no key could decrypt secret (a)"}, "kubeseal --raw --scope strict --name a --namespace x --from-file=/dev/stdin", true},
		"NoReseal":          {trace.Finding{Code: trace.CodeSecretNotSynced, Message: "is not managed by SealedSecret"}, "kubeseal", false},
		"NoKey":             {trace.Finding{Code: trace.CodeSecretNotSynced, Message: "no key could decrypt secret (a)"}, "sealed-secrets-key", true},
		"OtherOwner":        {trace.Finding{Code: trace.CodeSecretNotSynced, Message: "is not managed by SealedSecret"}, "sealed-secrets-key", false},
		"SealedValues":      {trace.Finding{Code: trace.CodeSecretNotSynced, Object: facts.Ref{Kind: "SealedSecret"}}, "{.spec}", false},
		"Spec":              {trace.Finding{Code: trace.CodeSecretNotSynced, Object: facts.Ref{Kind: "ExternalSecret"}}, "{.spec}", true},
		"Decryption":        {trace.Finding{Code: trace.CodeKustomizationBuildFailed, Object: applier, Message: "cannot get sops data key"}, "{.spec.decryption}", true},
		"InvalidFile":       {trace.Finding{Code: trace.CodeKustomizationBuildFailed, Object: applier, Message: "MalformedYAMLError"}, "{.spec.decryption}", false},
		"SecretIsMissing":   {trace.Finding{Code: trace.CodeSourceAuthenticationFailed, Message: `x: secrets "ghost" not found`}, "kubectl get secrets", true},
		"SecretIsThere":     {trace.Finding{Code: trace.CodeSourceAuthenticationFailed, Message: "authentication required"}, "kubectl get secrets", false},
	} {
		s := scope()
		s.Object.Kind, s.Object.Group = "Sample", "example.com"
		if c.finding.Object.Kind != "" {
			s.Object = c.finding.Object
		}
		s.Names["KIND"], s.Names["NAME"], s.Names["OBJECT_NAMESPACE"], s.Names["POD"], s.Names["CELL_NAMESPACE"] = "samples", "a", "x", "a", "x"
		s.Names["SEALING_SCOPE"], s.Names["REPOSITORY_PATH"], s.Names["CONTROLLER_NAMESPACE"] = "strict", "./x", "flux-system"
		got := slices.ContainsFunc(commands(Of(c.finding, s)), func(line string) bool { return strings.Contains(line, c.command) })
		if got != c.want {
			t.Errorf("%s: %q is there: %v, want %v", name, c.command, got, c.want)
		}
	}
}

// TestClusterThatDoesNotRespond: a command for another cluster than the control plane needs its context.
func TestClusterThatDoesNotRespond(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plane    facts.Plane
		contexts map[facts.Plane]string
		want     []string
	}{
		"Control":        {facts.Control, nil, []string{"kubectl config get-contexts", "kubectl get --raw /readyz"}},
		"Plane":          {"eu", map[facts.Plane]string{"eu": "prod-eu"}, []string{"kubectl config get-contexts", "kubectl get --raw /readyz --context prod-eu"}},
		"UnknownContext": {"eu", nil, []string{"kubectl config get-contexts"}},
	} {
		s := scope()
		s.Object, s.Contexts = facts.Ref{Plane: c.plane, Kind: "Pod"}, c.contexts
		if diff := cmp.Diff(c.want, commands(Of(trace.Finding{Code: trace.CodeUnreachable, Message: "refused"}, s))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
