package health_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessed is what the rules of its kind make of one object.
type assessed struct {
	State    trace.State
	Current  trace.Currency
	Code     trace.Code // of the first finding
	Severity trace.Severity
}

// healthCase is an object of a release, in YAML. A duration in angle brackets, as in <90s>, is the time that long ago. Without
// metadata.creationTimestamp the object is an hour old.
type healthCase struct {
	object string
	want   assessed
}

func ok() assessed                 { return assessed{State: trace.OK, Current: trace.Current} }
func onItsWay() assessed           { return assessed{State: trace.Progressing, Current: trace.Current} }
func broken(c trace.Code) assessed { return assessed{trace.Failed, trace.Current, c, trace.Error} }
func warned(c trace.Code) assessed { return assessed{trace.OK, trace.Current, c, trace.Warning} }

// checkHealth judges each object twice: as read from the plane, and as OpenChoreo reports it.
func checkHealth(t *testing.T, cases map[string]healthCase) {
	t.Helper()
	w := oldWorld(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, healthOf(w, c.object, true)); diff != "" {
				t.Errorf("live (-want +got)\n%s", diff)
			}
			if strings.Contains(c.object, "generation:") || strings.Contains(c.object, "creationTimestamp:") {
				return // a report has neither
			}
			if diff := cmp.Diff(c.want, healthOf(w, c.object, false)); diff != "" {
				t.Errorf("as reported (-want +got)\n%s", diff)
			}
		})
	}
}

// oldWorld is a healthy world in which nothing has changed for an hour.
func oldWorld(t *testing.T) assesstest.World {
	t.Helper()
	w := assesstest.Healthy(t)
	w.Aged(time.Hour)
	w.Condition(w.One("RenderedRelease", "greeter-service-development"), time.Hour, "ResourcesApplied", "True", "ApplySucceeded", "")
	w.Condition(w.DevPod(), time.Hour, "Ready", "True", "", "")
	return w
}

// healthOf judges one object of the release in development, and leaves the world as it is.
func healthOf(w assesstest.World, text string, live bool) assessed {
	w.T.Helper()
	o := w.PlaneObject(text)
	if !live {
		o.Reported = map[string]any{}
		if status, there := o.Live.Body.Object["status"]; there {
			o.Reported["status"] = status
		}
		o.Live = facts.Object{Ref: o.Ref}
	}
	j := dataplane.AssessObject(delivery.Resolve(view.New(w.Snapshot, w.TakenAt, engines.All())).EnvironmentOf("development"), o)
	h := assessed{State: j.State, Current: j.Current}
	if len(j.Findings) > 0 {
		h.Code, h.Severity = j.Findings[0].Code, j.Findings[0].Severity
	}
	return h
}

// TestHealthByKind: a group holds kinds that run something, kinds that are only read by others, and kinds that never get a
// status. Each is judged by what it has.
func TestHealthByKind(t *testing.T) {
	t.Parallel()
	cases := map[string]healthCase{}
	for _, never := range []string{
		"argoproj.io/v1alpha1 AnalysisTemplate", "argoproj.io/v1alpha1 ClusterAnalysisTemplate", "argoproj.io/v1alpha1 WorkflowTemplate",
		"argoproj.io/v1alpha1 CronWorkflow", "argoproj.io/v1alpha1 AppProject", "flagger.app/v1beta1 MetricTemplate",
		"flagger.app/v1beta1 AlertProvider", "keda.sh/v1alpha1 TriggerAuthentication", "keda.sh/v1alpha1 ClusterTriggerAuthentication",
		"generators.external-secrets.io/v1alpha1 Password", "gateway.networking.k8s.io/v1beta1 ReferenceGrant",
		"gateway.networking.k8s.io/v1 BackendTLSPolicy", "v1 ConfigMap", "v1 Service", "v1 ServiceAccount", "rbac.authorization.k8s.io/v1 Role",
		"networking.k8s.io/v1 NetworkPolicy", "policy/v1 PodDisruptionBudget", "monitoring.coreos.com/v1 ServiceMonitor",
		"autoscaling.k8s.io/v1 VerticalPodAutoscaler", "apps/v1 ControllerRevision",
	} {
		version, kind, _ := strings.Cut(never, " ")
		cases[kind] = healthCase{"apiVersion: " + version + "\nkind: " + kind, ok()}
	}
	checkHealth(t, cases)
}

// TestControllerIsSilent: an object of a kind that has a controller is on its way until its first status, and has failed when
// there is none for too long. A condition that was written for an older generation says nothing of this one.
func TestControllerIsSilent(t *testing.T) {
	t.Parallel()
	cases := map[string]healthCase{}
	for kind, version := range map[string]string{
		"ExternalSecret": "external-secrets.io/v1", "SecretStore": "external-secrets.io/v1", "PushSecret": "external-secrets.io/v1alpha1",
		"Certificate": "cert-manager.io/v1", "Issuer": "cert-manager.io/v1", "CertificateRequest": "cert-manager.io/v1",
		"Order": "acme.cert-manager.io/v1", "Challenge": "acme.cert-manager.io/v1", "ScaledObject": "keda.sh/v1alpha1",
		"ScaledJob": "keda.sh/v1alpha1", "HTTPScaledObject": "http.keda.sh/v1alpha1", "Rollout": "argoproj.io/v1alpha1",
		"AnalysisRun": "argoproj.io/v1alpha1", "Experiment": "argoproj.io/v1alpha1", "Canary": "flagger.app/v1beta1",
		"Gateway": "gateway.networking.k8s.io/v1",
	} {
		object := "apiVersion: " + version + "\nkind: " + kind
		cases[kind+"/new"] = healthCase{object + "\nmetadata: {creationTimestamp: <5s>}", onItsWay()}
		cases[kind+"/old"] = healthCase{object, broken(trace.CodeGenerationNotObserved)}
	}
	// Its creation time is that of an object that was read; see TestExternalSecretReported for one that OpenChoreo only reports.
	cases["ExternalSecret/old"] = healthCase{"apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {creationTimestamp: <1h>}", broken(trace.CodeGenerationNotObserved)}
	const widget = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {generation: 2, creationTimestamp: <1h>}\n"
	cases["ReadyOfAnOlderGeneration"] = healthCase{widget + `status: {conditions: [{type: Ready, status: "True", observedGeneration: 1, lastTransitionTime: <1h>}]}`, broken(trace.CodeGenerationNotObserved)}
	cases["ReadyOfThisGeneration"] = healthCase{widget + `status: {conditions: [{type: Ready, status: "True", observedGeneration: 2, lastTransitionTime: <1h>}]}`, ok()}
	cases["StatusOfAnOlderGeneration"] = healthCase{widget + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "True", lastTransitionTime: <1h>}]}`, broken(trace.CodeGenerationNotObserved)}
	cases["FalseOfAnOlderGeneration"] = healthCase{widget + `status: {conditions: [{type: Ready, status: "False", reason: Failed, observedGeneration: 1, lastTransitionTime: <1h>}]}`, broken(trace.CodeGenerationNotObserved)}
	checkHealth(t, cases)
}

// TestConditionsOfKindsWithoutRules: kstatus's rule for an unknown kind, with a clock for each wait.
func TestConditionsOfKindsWithoutRules(t *testing.T) {
	t.Parallel()
	const widget = "apiVersion: example.com/v1\nkind: Widget\n"
	checkHealth(t, map[string]healthCase{
		"NoStatusYet":      {widget + "metadata: {creationTimestamp: <5s>}", onItsWay()},
		"NeverAStatus":     {widget, ok()},
		"StatusWithoutAny": {widget + "status: {replicas: 1}", ok()},
		"Stalled":          {widget + `status: {conditions: [{type: Stalled, status: "True", reason: X, lastTransitionTime: <5s>}, {type: Ready, status: "False", reason: Y, lastTransitionTime: <5s>}]}`, broken(trace.CodeResourceNotReady)},
		"Reconciling":      {widget + `status: {conditions: [{type: Reconciling, status: "True", reason: X, lastTransitionTime: <5s>}]}`, onItsWay()},
		"ReconcilesForEver": {
			widget + `status: {conditions: [{type: Reconciling, status: "True", reason: X, lastTransitionTime: <50m>}]}`,
			broken(trace.CodeResourceNotReady),
		},
		"ReconcilesAndIsReady":         {widget + `status: {conditions: [{type: Reconciling, status: "True", reason: X, lastTransitionTime: <5s>}, {type: Ready, status: "True", lastTransitionTime: <1h>}]}`, ok()},
		"NotReadyYet":                  {widget + `status: {conditions: [{type: Ready, status: "False", reason: Creating, lastTransitionTime: <5s>}]}`, onItsWay()},
		"NotReady":                     {widget + `status: {conditions: [{type: Ready, status: "False", reason: Creating, lastTransitionTime: <1h>}]}`, broken(trace.CodeResourceNotReady)},
		"NotReadySinceNobodyKnowsWhen": {widget + `status: {conditions: [{type: Ready, status: "False", reason: Creating}]}`, broken(trace.CodeResourceNotReady)},
		"UnknownForEver":               {widget + `status: {conditions: [{type: Ready, status: "Unknown", reason: X, lastTransitionTime: <1h>}]}`, broken(trace.CodeResourceNotReady)},
		"UnknownForAMoment":            {widget + `status: {conditions: [{type: Ready, status: "Unknown", reason: X, lastTransitionTime: <5s>}]}`, onItsWay()},
		"ReadyButNotSynced": {
			widget + `status: {conditions: [{type: Ready, status: "True", lastTransitionTime: <1h>}, {type: Synced, status: "False", reason: ReconcileError, lastTransitionTime: <1h>}]}`,
			warned(trace.CodeResourceNotReady),
		},
		"JustMade": {widget + "metadata: {creationTimestamp: <5s>}\n" + `status: {conditions: [{type: Ready, status: "False", reason: Creating}]}`, onItsWay()},
	})
}

// TestDeletionBeforeSuspension: what is suspended and being deleted is about to vanish.
func TestDeletionBeforeSuspension(t *testing.T) {
	t.Parallel()
	gone := assessed{trace.Failed, trace.Current, trace.CodeTerminating, trace.Error}
	const metadata = "\nmetadata: {creationTimestamp: <9h>, deletionTimestamp: <2h>, finalizers: [example.com/x]}\n"
	checkHealth(t, map[string]healthCase{
		"CronJob":    {"apiVersion: batch/v1\nkind: CronJob" + metadata + "spec: {suspend: true, schedule: '* * * * *'}", gone},
		"Job":        {"apiVersion: batch/v1\nkind: Job" + metadata + "spec: {suspend: true}", gone},
		"Deployment": {"apiVersion: apps/v1\nkind: Deployment" + metadata + "spec: {paused: true}", gone},
		"Rollout":    {"apiVersion: argoproj.io/v1alpha1\nkind: Rollout" + metadata + "spec: {paused: true}\nstatus: {phase: Paused}", gone},
		"Canary":     {"apiVersion: flagger.app/v1beta1\nkind: Canary" + metadata + "spec: {suspend: true}\nstatus: {phase: Waiting}", gone},
	})
}
