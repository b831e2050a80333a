package health_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
)

// lineCase is an object of a release, in YAML as in healthCase, with the lines of its rung and the hints of its findings.
type lineCase struct {
	object       string
	lines, hints []string
}

func checkLines(t *testing.T, cases map[string]lineCase) {
	t.Helper()
	w := oldWorld(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := dataplane.AssessObject(w.Development(), w.PlaneObject(c.object))
			for i := range c.lines {
				c.lines[i] = strings.ReplaceAll(c.lines[i], "NAMESPACE", w.Cell("development"))
			}
			if diff := cmp.Diff(c.lines, assesstest.Lines(r.Rung)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.hints, assesstest.Hints(r.Rung)); diff != "" {
				t.Errorf("hints (-want +got)\n%s", diff)
			}
		})
	}
}

// statusNotRead is why nothing else reports what is wrong with an object of that kind.
func statusNotRead(kind string) string {
	return "the message is from its controller: correct what it names. OpenChoreo reports this " + kind + " as healthy, because it does not check the status of its kind"
}

// TestConditionLines covers kinds that are assessed by their conditions.
func TestConditionLines(t *testing.T) {
	t.Parallel()
	const widget = "apiVersion: example.com/v1\nkind: Widget\n"
	const secret = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: {refreshInterval: 1h0m0s}\n"
	checkLines(t, map[string]lineCase{
		"Ready":       {widget + `status: {conditions: [{type: Ready, status: "True", lastTransitionTime: <1h>}]}`, []string{"OK Widget"}, nil},
		"NoStatusYet": {widget + "metadata: {creationTimestamp: <5s>}", []string{"Progressing Widget: no status yet"}, nil},
		"NotReadyYet": {widget + `status: {conditions: [{type: Ready, status: "False", lastTransitionTime: <5s>}]}`, []string{"Progressing Widget: not Ready yet"}, nil},
		"NotReady": {
			widget + `status: {conditions: [{type: Ready, status: "False", reason: Creating, message: no quota, lastTransitionTime: <1h>}]}`,
			[]string{"Failed Widget: ResourceNotReady", "error ResourceNotReady of Widget x: no quota"},
			[]string{statusNotRead("Widget")},
		},
		"NotReadyWithoutAMessage": {
			widget + `status: {conditions: [{type: Ready, status: "False", reason: Creating, lastTransitionTime: <1h>}]}`,
			[]string{"Failed Widget: ResourceNotReady", "error ResourceNotReady of Widget x: Creating"},
			[]string{statusNotRead("Widget")},
		},
		"NotReadyWithoutAReason": {
			widget + `status: {conditions: [{type: Ready, status: "False", lastTransitionTime: <1h>}]}`,
			[]string{"Failed Widget: ResourceNotReady", "error ResourceNotReady of Widget x: Ready is False"},
			[]string{statusNotRead("Widget")},
		},
		"Reconciling":              {widget + `status: {conditions: [{type: Reconciling, status: "True", reason: Building, lastTransitionTime: <5s>}]}`, []string{"Progressing Widget: Building"}, nil},
		"ReconcilingWithoutReason": {widget + `status: {conditions: [{type: Reconciling, status: "True", lastTransitionTime: <5s>}]}`, []string{"Progressing Widget: reconciling"}, nil},
		"NotSynced": {
			widget + `status: {conditions: [{type: Ready, status: "True", lastTransitionTime: <1h>}, {type: Synced, status: "False", reason: ReconcileError, message: denied, lastTransitionTime: <1h>}]}`,
			[]string{"OK Widget", "warning ResourceNotReady of Widget x: denied"},
			[]string{statusNotRead("Widget")},
		},
		"OlderGeneration": {
			widget + "metadata: {generation: 3}\n" + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True", lastTransitionTime: <1h>}]}`,
			[]string{"Failed Widget: generation 3 not observed", "error GenerationNotObserved of Widget x: the status of Widget NAMESPACE/x is for a generation older than 3"},
			[]string{"its controller has not reconciled the current generation: check that it runs on the data plane"},
		},
		"MergedIntoNothing": {
			secret + `status: {refreshTime: <1m>, conditions: [{type: Ready, status: "True", reason: SecretMissing, message: no target, lastTransitionTime: <1h>}]}`,
			[]string{"Failed ExternalSecret: SecretNotSynced", "error SecretNotSynced of ExternalSecret x: no target"},
			[]string{"Secret x does not exist, and with creationPolicy Merge this ExternalSecret does not create it: commit what creates the Secret, or set spec.target.creationPolicy to Owner"},
		},
		"DeletedWithItsData": {
			secret + `status: {refreshTime: <1m>, conditions: [{type: Ready, status: "True", reason: SecretDeleted, message: deleted, lastTransitionTime: <1h>}]}`,
			[]string{"Failed ExternalSecret: SecretNotSynced", "error SecretNotSynced of ExternalSecret x: deleted"},
			[]string{"the store no longer has the data, so External Secrets deleted the Secret, as deletionPolicy is Delete: if pods need the Secret, put the data back into the store, otherwise remove the ExternalSecret"},
		},
	})
}

// TestCertificateLines covers cert-manager (v1.18).
func TestCertificateLines(t *testing.T) {
	t.Parallel()
	const certificate, order = "apiVersion: cert-manager.io/v1\nkind: Certificate\n", "apiVersion: acme.cert-manager.io/v1\nkind: Order\n"
	const ready = `{type: Ready, status: "True", lastTransitionTime: <48h>}`
	const notIssued = "the certificate that needs it is not issued"
	checkLines(t, map[string]lineCase{
		"RenewalFails": {
			certificate + `status: {notAfter: "2027-01-01T00:00:00Z", lastFailureTime: <1h>, conditions: [` + ready + `, {type: Issuing, status: "False", reason: Failed, message: rate limited, lastTransitionTime: <1h>}]}`,
			[]string{"OK Certificate", "warning CertificateNotReady of Certificate x: rate limited"},
			[]string{"the current certificate is valid until 2027-01-01T00:00:00Z, and is not being renewed"},
		},
		"Expired": {
			certificate + `status: {notAfter: "2026-01-01T00:00:00Z", conditions: [` + ready + `]}`,
			[]string{"Failed Certificate expired", "error CertificateNotReady of Certificate x: the certificate expired at 2026-01-01T00:00:00Z"},
			[]string{"clients reject it, even if its Ready condition is True"},
		},
		"ExpiredAndRefused": {
			certificate + `status: {notAfter: "2026-01-01T00:00:00Z", conditions: [` + ready + `, {type: Issuing, status: "False", reason: Failed, message: rate limited, lastTransitionTime: <1h>}]}`,
			[]string{"Failed Certificate expired", "error CertificateNotReady of Certificate x: the certificate expired at 2026-01-01T00:00:00Z"},
			[]string{"its renewal failed: rate limited"},
		},
		"ExpiredInRenewal": {
			certificate + `status: {notAfter: "2026-01-01T00:00:00Z", conditions: [` + ready + `, {type: Issuing, status: "True"}]}`,
			[]string{"Failed Certificate expired", "error CertificateNotReady of Certificate x: the certificate expired at 2026-01-01T00:00:00Z"},
			[]string{"its renewal has not finished"},
		},
		"Denied": {
			"apiVersion: cert-manager.io/v1\nkind: CertificateRequest\nstatus: {conditions: [{type: Denied, status: \"True\", reason: Policy, message: not allowed, lastTransitionTime: <5s>}]}",
			[]string{"Failed CertificateRequest: CertificateNotReady", "error CertificateNotReady of CertificateRequest x: not allowed"},
			[]string{statusNotRead("CertificateRequest")},
		},
		"OrderValid":      {order + "status: {state: valid}", []string{"OK Order valid"}, nil},
		"OrderNotStarted": {order + "metadata: {creationTimestamp: <5s>}\nstatus: {url: u}", []string{"Progressing Order not started"}, nil},
		"OrderPending":    {order + "metadata: {creationTimestamp: <5s>}\nstatus: {state: pending}", []string{"Progressing Order pending"}, nil},
		"OrderInvalid":    {order + "status: {state: invalid, reason: 'no such domain'}", []string{"Failed Order invalid", "error CertificateNotReady of Order x: no such domain"}, []string{notIssued}},
		"OrderErrored":    {order + "status: {state: errored}", []string{"Failed Order errored", "error CertificateNotReady of Order x: its state is errored"}, []string{notIssued}},
	})
}

// TestPhaseLines covers kinds that are assessed by a phase.
func TestPhaseLines(t *testing.T) {
	t.Parallel()
	const workflow, vela = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n", "apiVersion: core.oam.dev/v1beta1\nkind: Application\n"
	const canary, claim = "apiVersion: flagger.app/v1beta1\nkind: Canary\n", "apiVersion: v1\nkind: PersistentVolumeClaim\n"
	checkLines(t, map[string]lineCase{
		"WorkflowDone":   {workflow + "status: {phase: Succeeded}", []string{"OK Workflow succeeded"}, nil},
		"WorkflowRuns":   {workflow + "status: {phase: Running, startedAt: <5s>}", []string{"Progressing Workflow running"}, nil},
		"WorkflowFailed": {workflow + "status: {phase: Failed, message: exit code 1}", []string{"Failed Workflow failed", "error JobFailed of Workflow x: exit code 1"}, []string{""}},
		"WorkflowError":  {workflow + "status: {phase: Error}", []string{"Failed Workflow error", "error JobFailed of Workflow x: its phase is Error"}, []string{""}},
		"VelaRuns":       {vela + "status: {status: running}", []string{"OK Application"}, nil},
		"VelaSuspended":  {vela + "status: {status: workflowSuspending}", []string{"Suspended Application: its workflow is suspended"}, nil},
		"VelaUnhealthy": {
			vela + "status: {status: unhealthy, services: [{name: web, healthy: true}, {name: db, healthy: false, message: no endpoints}, {name: unset}]}",
			[]string{"Failed Application: unhealthy", "error ApplicationNotHealthy of Application x: service db: no endpoints"},
			[]string{"KubeVela runs service db in pods of its own, which the row pod does not show: check those pods"},
		},
		"VelaFailed":      {vela + "status: {status: workflowFailed}", []string{"Failed Application: workflowFailed", "error ApplicationNotHealthy of Application x: its status is workflowFailed"}, []string{""}},
		"CanaryDone":      {canary + "status: {phase: Succeeded, lastTransitionTime: <1h>}", []string{"OK Canary succeeded"}, nil},
		"CanarySuspended": {canary + "spec: {suspend: true}\nstatus: {phase: Initialized, lastTransitionTime: <1h>}", []string{"Suspended Canary suspended"}, nil},
		"CanaryConfirms": {canary + "status: {phase: WaitingPromotion, lastTransitionTime: <1h>}", []string{
			"Suspended Canary waits for its webhook confirm-promotion",
			"warning RolloutPaused of Canary x: the canary waits for its webhook confirm-promotion; pods of the earlier revision serve until then",
		}, []string{"it continues when the webhook of that type in spec.analysis.webhooks responds with 200: open the gate there"}},
		"CanaryFailed": {
			canary + "status: {phase: Failed, lastTransitionTime: <1h>}",
			[]string{"Failed Canary failed", "error ProgressiveRolloutFailed of Canary x: its phase is Failed"},
			[]string{"Flagger rolled back, and the previous version serves"},
		},
		"CanaryTerminated": {canary + "status: {phase: Terminated, lastTransitionTime: <1h>}", []string{"Failed Canary terminated", "error ProgressiveRolloutFailed of Canary x: its phase is Terminated"}, []string{""}},
		"CanaryAdvances":   {canary + "status: {phase: Progressing, lastTransitionTime: <5s>}", []string{"Progressing Canary progressing"}, nil},
		"CanaryStuck": {
			canary + "status: {phase: Progressing, lastTransitionTime: <1h>}",
			[]string{"Failed Canary progressing, without progress", "error GenerationNotObserved of Canary x: Canary NAMESPACE/x is Progressing, and its status has not changed for longer than its deadline of 10m0s"},
			[]string{"check that Flagger runs on the data plane"},
		},
		"ClaimBound":   {claim + "status: {phase: Bound}", []string{"OK PersistentVolumeClaim"}, nil},
		"ClaimNew":     {claim + "metadata: {creationTimestamp: <5s>}\nstatus: {phase: Pending}", []string{"Progressing PersistentVolumeClaim pending"}, nil},
		"ClaimNotSeen": {claim + "metadata: {creationTimestamp: <5s>}", []string{"Progressing PersistentVolumeClaim pending"}, nil},
		"ClaimPending": {
			claim + "status: {phase: Pending}",
			[]string{"Failed PersistentVolumeClaim pending", "error VolumeClaimPending of PersistentVolumeClaim x: PersistentVolumeClaim NAMESPACE/x is Pending"},
			[]string{"no volume is bound to it: check that its StorageClass exists and that its provisioner runs"},
		},
		"CronJob":          {"apiVersion: batch/v1\nkind: CronJob\nspec: {schedule: '@daily'}", []string{"OK CronJob @daily"}, nil},
		"CronJobSuspended": {"apiVersion: batch/v1\nkind: CronJob\nspec: {schedule: '@daily', suspend: true}", []string{"Suspended CronJob suspended"}, nil},
	})
}
