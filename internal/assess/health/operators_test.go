package health_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestExternalSecrets holds the statuses that external-secrets v0.16.2 to v1.3 and sealed-secrets v0.27 write.
func TestExternalSecrets(t *testing.T) {
	t.Parallel()
	const secret = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: {refreshInterval: 1h0m0s}\n"
	const fresh = "metadata: {creationTimestamp: <5s>}\n"
	failed := `status: {binding: {name: x}, refreshTime: null, conditions: [{type: Ready, status: "False", reason: SecretSyncedError, message: could not get secret data from provider, lastTransitionTime: <5s>}]}`
	synced := func(refreshed string) string {
		return `status: {refreshTime: <` + refreshed + `>, syncedResourceVersion: 1-abc, conditions: [{type: Ready, status: "True", reason: SecretSynced, message: secret synced, lastTransitionTime: <1h>}]}`
	}
	reason := func(name, age string) string {
		return `status: {refreshTime: <1m>, conditions: [{type: Ready, status: "True", reason: ` + name + `, message: no, lastTransitionTime: <` + age + `>}]}`
	}
	generations := func(age, spec string) string {
		return "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {generation: 2, creationTimestamp: <" + age + ">}\nspec: {" + spec + "}\n" + synced("1m")
	}
	syncedOnce := warned(trace.CodeSecretNotSynced)
	syncedOnce.Current = trace.Behind
	push := func(status string) string {
		return "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nstatus: {conditions: [{type: Ready, status: \"" + status + "\", reason: Errored, message: set secret failed, lastTransitionTime: <1h>}]}"
	}
	checkHealth(t, map[string]healthCase{
		"Synced":                       {secret + synced("1m"), ok()},
		"SyncFails":                    {secret + failed, broken(trace.CodeSecretNotSynced)},
		"SyncFailsAtItsCreation":       {secret + fresh + failed, onItsWay()},
		"SyncedAndNotRefreshed":        {secret + synced("3h"), warned(trace.CodeGenerationNotObserved)},
		"SyncedAndRefreshedOnlyOnce":   {strings.Replace(secret, "{", "{refreshPolicy: CreatedOnce, ", 1) + synced("3h"), ok()},
		"SyncedWithoutAnyRefresh":      {strings.Replace(secret, "1h0m0s", "0s", 1) + synced("30h"), ok()},
		"MergedIntoASecretThatIsGone":  {secret + reason("SecretMissing", "1h"), broken(trace.CodeSecretNotSynced)},
		"MergedIntoASecretThatMayCome": {secret + reason("SecretMissing", "5s"), ok()},
		"DeletedWithTheProvidersData":  {secret + reason("SecretDeleted", "1m"), broken(trace.CodeSecretNotSynced)},
		"DeletedThisMoment":            {secret + reason("SecretDeleted", "5s"), ok()},
		// status.syncedResourceVersion begins with the generation of the spec that was synced.
		"SpecJustChanged":       {generations("5s", "refreshInterval: 1h"), onItsWay()},
		"SpecNotSynced":         {generations("1h", "refreshInterval: 1h"), broken(trace.CodeGenerationNotObserved)},
		"NotOnChange":           {generations("1h", "refreshPolicy: OnChange, refreshInterval: 0s"), broken(trace.CodeGenerationNotObserved)},
		"SyncedOnce":            {generations("1h", "refreshPolicy: CreatedOnce, refreshInterval: 1h"), syncedOnce},
		"IntervalOfZero":        {generations("1h", `refreshInterval: "0"`), syncedOnce},
		"IntervalInvalid":       {generations("1h", "refreshInterval: never"), broken(trace.CodeGenerationNotObserved)},
		"Pushed":                {push("True"), ok()},
		"PushFails":             {push("False"), broken(trace.CodeSecretNotSynced)},
		"StoreValid":            {"apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nstatus: {capabilities: ReadWrite, conditions: [{type: Ready, status: \"True\", reason: Valid, lastTransitionTime: <1h>}]}", ok()},
		"StoreInvalid":          {"apiVersion: external-secrets.io/v1\nkind: SecretStore\nstatus: {conditions: [{type: Ready, status: \"False\", reason: InvalidProviderConfig, message: unable to create client, lastTransitionTime: <5m>}]}", broken(trace.CodeSecretStoreNotReady)},
		"ClusterExternalSecret": {"apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nstatus: {conditions: [{type: Ready, status: \"False\", message: one or more namespaces failed}]}", broken(trace.CodeSecretNotSynced)},

		"Sealed":                 {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nstatus: {observedGeneration: 1, conditions: [{type: Synced, status: \"True\", lastTransitionTime: <1h>}]}", ok()},
		"SealedForOthers":        {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nstatus: {observedGeneration: 1, conditions: [{type: Synced, status: \"False\", message: no key could decrypt secret, lastTransitionTime: <1h>}]}", broken(trace.CodeSecretNotSynced)},
		"SealedForOthersNow":     {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nstatus: {observedGeneration: 1, conditions: [{type: Synced, status: \"False\", message: no key could decrypt secret, lastTransitionTime: <5s>}]}", broken(trace.CodeSecretNotSynced)},
		"SealedForOthersAndMade": {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {generation: 1, creationTimestamp: <5s>}\nstatus: {observedGeneration: 1, conditions: [{type: Synced, status: \"False\", message: no key could decrypt secret, lastTransitionTime: <5s>}]}", onItsWay()},
		"SealedUnobserved":       {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret", warned(trace.CodeGenerationNotObserved)},
		"SealedJustNow":          {"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {creationTimestamp: <5s>}", onItsWay()},
	})
}

// TestExternalSecretReported: OpenChoreo reports no status of an ExternalSecret once its Secret exists, which is no failure.
func TestExternalSecretReported(t *testing.T) {
	t.Parallel()
	want := assessed{trace.OK, trace.Current, trace.CodeGenerationNotObserved, trace.Info}
	if diff := cmp.Diff(want, healthOf(oldWorld(t), "apiVersion: external-secrets.io/v1\nkind: ExternalSecret", false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestExternalSecretExplained: the condition has a fixed text, and the event says why.
func TestExternalSecretExplained(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ reason, message, want, hint string }{
		"Absent":     {"UpdateFailed", "error processing spec.data[0] (key: ghost), err: Secret does not exist", "error processing spec.data[0] (key: ghost), err: Secret does not exist", "the store does not have key ghost: add it to the backend in spec.provider of the store, or correct spec.data[0].remoteRef.key of the ExternalSecret"},
		"Denied":     {"UpdateFailed", "using cluster store x is not allowed from namespace y: denied by spec.condition", "using cluster store x is not allowed from namespace y: denied by spec.condition", "spec.conditions"},
		"Template":   {"UpdateFailed", "could not apply template: no such function", "could not apply template: no such function", "spec.target.template of the ExternalSecret is invalid"},
		"OtherEvent": {"Deprecated", "old", "could not get secret data from provider", "OpenChoreo reports this ExternalSecret as healthy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			ref := w.Releases("apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n"+
				`status: {conditions: [{type: Ready, status: "False", reason: SecretSyncedError, message: could not get secret data from provider, lastTransitionTime: <50m>}]}`, true)
			w.Put(w.PlaneObject(fmt.Sprintf("{apiVersion: v1, kind: Event, metadata: {name: x}, type: Warning, reason: %s, message: %q, lastTimestamp: <1m>, involvedObject: {kind: ExternalSecret, namespace: %s, name: %s}}",
				c.reason, c.message, ref.Namespace, ref.Name)).Live)
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if got == nil || got.Code != trace.CodeSecretNotSynced || got.Message != c.want || !strings.Contains(got.Hint, c.hint) {
				t.Errorf("failing %+v; want message %q and a hint with %q", got, c.want, c.hint)
			}
		})
	}
}

// TestSecretAndItsStore: a store is the cause of a secret's failure unless it became ready after it.
func TestSecretAndItsStore(t *testing.T) {
	t.Parallel()
	const secret = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
spec: {secretStoreRef: {name: vault}}
status: {conditions: [{type: Ready, status: "False", reason: SecretSyncedError, message: could not get secret data from provider, lastTransitionTime: <50m>}]}`
	for name, c := range map[string]struct {
		ready, since string
		code         trace.Code
		kind, says   string
	}{
		"NotReady":            {"False", "55m", trace.CodeSecretStoreNotReady, "SecretStore", "every ExternalSecret"},
		"ReadySinceBefore":    {"True", "55m", trace.CodeSecretNotSynced, "ExternalSecret", "OpenChoreo reports this ExternalSecret as healthy"},
		"ReadySinceAfter":     {"True", "45m", trace.CodeSecretNotSynced, "ExternalSecret", "is ready since"},
		"ReadyAtAnUnknown":    {"True", "", trace.CodeSecretNotSynced, "ExternalSecret", "OpenChoreo reports this ExternalSecret as healthy"},
		"NotReadySinceUnsaid": {"False", "", trace.CodeSecretStoreNotReady, "SecretStore", "every ExternalSecret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			store := w.PlaneObject("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: vault}\nstatus: {conditions: []}").Live
			condition := map[string]any{"type": "Ready", "status": c.ready, "message": "m"}
			if c.since != "" {
				age, err := time.ParseDuration(c.since)
				if err != nil {
					t.Fatal(err)
				}
				condition["lastTransitionTime"] = w.Ago(age)
			}
			w.Set(store, []any{condition}, "status", "conditions")
			w.Put(store)
			w.Releases(secret, true)
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if got == nil || got.Code != c.code || got.Object.Kind != c.kind || !strings.Contains(got.Hint, c.says) {
				t.Errorf("failing %+v; want %s of a %s that says %q", got, c.code, c.kind, c.says)
			}
		})
	}
}

// TestCertManager holds the statuses that cert-manager v1.18 to v1.21 writes.
func TestCertManager(t *testing.T) {
	t.Parallel()
	const certificate = "apiVersion: cert-manager.io/v1\nkind: Certificate\n"
	const valid = `{type: Ready, status: "True", reason: Ready, message: Certificate is up to date and has not expired, lastTransitionTime: <48h>}`
	const missing = `{type: Ready, status: "False", reason: DoesNotExist, message: Issuing certificate as Secret does not exist, lastTransitionTime: <%>}`
	issuing := func(status, reason, age string) string {
		return `, {type: Issuing, status: "` + status + `", reason: ` + reason + `, message: m, lastTransitionTime: <` + age + `>}`
	}
	status := func(more string, conditions ...string) string {
		return certificate + "status: {" + more + "conditions: [" + strings.Join(conditions, "") + "]}"
	}
	const request = "apiVersion: cert-manager.io/v1\nkind: CertificateRequest\n"
	asked := func(name, status, reason, age string) string {
		return request + `status: {conditions: [{type: ` + name + `, status: "` + status + `", reason: ` + reason + `, message: m, lastTransitionTime: <` + age + `>}]}`
	}
	order := func(state string) string {
		return "apiVersion: acme.cert-manager.io/v1\nkind: Order\nstatus: {state: " + state + ", url: https://example.com}"
	}
	checkHealth(t, map[string]healthCase{
		"Valid":                   {status("notAfter: <-240h>, renewalTime: <-120h>, ", valid), ok()},
		"Expired":                 {status("notAfter: <72h>, ", valid), broken(trace.CodeCertificateNotReady)},
		"ExpiredWhileItIsRenewed": {status("notAfter: <72h>, ", valid, issuing("True", "Renewing", "720h")), broken(trace.CodeCertificateNotReady)},
		"Renewing":                {status("notAfter: <-240h>, ", valid, issuing("True", "Renewing", "5m")), ok()},
		"RenewingForADay":         {status("notAfter: <-240h>, ", valid, issuing("True", "Renewing", "24h")), warned(trace.CodeCertificateNotReady)},
		"RenewalFailed":           {status("notAfter: <-240h>, lastFailureTime: <10m>, failedIssuanceAttempts: 1, ", valid, issuing("False", "Failed", "10m")), warned(trace.CodeCertificateNotReady)},
		"RenewalFailedAndMended":  {status("notAfter: <-240h>, ", valid, issuing("False", "Failed", "10h")), ok()},
		"FirstIssuance":           {status("", strings.Replace(missing, "%", "1m", 1), issuing("True", "DoesNotExist", "1m")), onItsWay()},
		"FirstIssuanceTakesTooLong": {
			status("", strings.Replace(missing, "%", "1h", 1), issuing("True", "DoesNotExist", "1h")),
			broken(trace.CodeCertificateNotReady),
		},
		"IssuerNotReady": {"apiVersion: cert-manager.io/v1\nkind: Issuer\nstatus: {conditions: [{type: Ready, status: \"False\", reason: ErrRegisterACMEAccount, message: m, lastTransitionTime: <1h>}]}", broken(trace.CodeCertificateNotReady)},

		"RequestPending":   {asked("Ready", "False", "Pending", "10m"), onItsWay()},
		"RequestForgotten": {asked("Ready", "False", "Pending", "10h"), broken(trace.CodeCertificateNotReady)},
		"RequestFailed":    {asked("Ready", "False", "Failed", "5m"), broken(trace.CodeCertificateNotReady)},
		"RequestDenied":    {asked("Denied", "True", "Policy", "1m"), broken(trace.CodeCertificateNotReady)},
		"RequestInvalid":   {asked("InvalidRequest", "True", "X", "1m"), broken(trace.CodeCertificateNotReady)},
		"RequestIssued":    {asked("Ready", "True", "Issued", "1h"), ok()},
		"OrderValid":       {order("valid"), ok()},
		"OrderErrored":     {order("errored"), broken(trace.CodeCertificateNotReady)},
		"OrderPending":     {"metadata: {creationTimestamp: <5m>}\n" + order("pending"), onItsWay()},
		"OrderForgotten":   {"metadata: {creationTimestamp: <5h>}\n" + order("pending"), broken(trace.CodeCertificateNotReady)},
	})
}

// TestAutoscalers: the conditions of KEDA have no time. An error on an object that is old is not a new one.
func TestAutoscalers(t *testing.T) {
	t.Parallel()
	const scaled = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n"
	const fresh = "metadata: {creationTimestamp: <5s>}\n"
	status := func(ready string, more ...string) string {
		return scaled + "status: {conditions: [{type: Ready, " + ready + "}" + strings.Join(more, "") + ", {type: Active, status: \"False\", reason: ScalerNotActive}]}"
	}
	const works = `status: "True", reason: ScaledObjectReady`
	hpa := func(name, reason, since string) string {
		return "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nstatus: {conditions: [{type: " + name + ", status: \"False\", reason: " + reason + ", message: m" + since + "}]}"
	}
	checkHealth(t, map[string]healthCase{
		"Ready":               {status(works), ok()},
		"TriggerFails":        {status(`status: "False", reason: TriggerError, message: m`), broken(trace.CodeAutoscalerFailing)},
		"TriggerFailsAtFirst": {fresh + status(`status: "False", reason: TriggerError, message: m`), onItsWay()},
		"TargetIsNotYetThere": {fresh + status(`status: "False", reason: ScaledObjectCheckFailed, message: m`), onItsWay()},
		"TargetIsNotThere":    {status(`status: "False", reason: ScaledObjectCheckFailed, message: m`), broken(trace.CodeAutoscalerFailing)},
		"SomeTriggersFail":    {status(`status: "Unknown", reason: PartialTriggerError, message: m`), warned(trace.CodeAutoscalerFailing)},
		"OnlyInitialized":     {fresh + status(`status: "Unknown"`), onItsWay()},
		"NeverReconciled":     {status(`status: "Unknown"`), broken(trace.CodeGenerationNotObserved)},
		"Paused":              {status(works, `, {type: Paused, status: "True", reason: ScaledObjectPaused}`), ok()},
		"FallsBack":           {status(works, `, {type: Fallback, status: "True", reason: FallbackExists, message: m}`), warned(trace.CodeAutoscalerFailing)},
		"ItsHPAHasNoMetrics":  {status(works, `, {type: HPAActive, status: "False", reason: HPAMetricsUnavailable, message: m}`), warned(trace.CodeAutoscalerFailing)},
		"ScaledJobFails":      {"apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nstatus: {conditions: [{type: Ready, status: \"False\", reason: ScaledJobCheckFailed, message: m}]}", broken(trace.CodeAutoscalerFailing)},
		"HTTPScaledObject":    {"apiVersion: http.keda.sh/v1alpha1\nkind: HTTPScaledObject\nstatus: {conditions: [{type: Ready, status: \"False\", reason: Error, message: m, timestamp: <1h>}]}", broken(trace.CodeAutoscalerFailing)},
		"NoMetrics":           {hpa("ScalingActive", "FailedGetResourceMetric", ", lastTransitionTime: <1h>"), warned(trace.CodeAutoscalerFailing)},
		"NoMetricsYet":        {hpa("ScalingActive", "FailedGetResourceMetric", ", lastTransitionTime: <5s>"), ok()},
		"NoMetricsForUnsaid":  {hpa("ScalingActive", "FailedGetResourceMetric", ""), warned(trace.CodeAutoscalerFailing)},
		"ScalingDisabled":     {hpa("ScalingActive", "ScalingDisabled", ", lastTransitionTime: <1h>"), ok()},
	})
}

// TestOtherOperators holds the phases of Argo CD, Argo Workflows and KubeVela.
func TestOtherOperators(t *testing.T) {
	t.Parallel()
	const application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
	const workflow = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n"
	const vela = "apiVersion: core.oam.dev/v1beta1\nkind: Application\n"
	checkHealth(t, map[string]healthCase{
		"Healthy":           {application + "status: {health: {status: Healthy}}", ok()},
		"Degraded":          {application + "status: {health: {status: Degraded, lastTransitionTime: <1h>}}", broken(trace.CodeApplicationNotHealthy)},
		"Missing":           {application + "status: {health: {status: Missing}}", broken(trace.CodeApplicationNotHealthy)},
		"Suspended":         {application + "status: {health: {status: Suspended}}", assessed{State: trace.Suspended, Current: trace.Current}},
		"Progresses":        {application + "status: {health: {status: Progressing, lastTransitionTime: <5s>}}", onItsWay()},
		"ProgressesForever": {application + "status: {health: {status: Progressing, lastTransitionTime: <5h>}}", broken(trace.CodeApplicationNotHealthy)},
		"Succeeded":         {workflow + "status: {phase: Succeeded}", ok()},
		"Runs":              {workflow + "status: {phase: Running, startedAt: <1m>}", onItsWay()},
		"RunsTooLong":       {workflow + "spec: {activeDeadlineSeconds: 60}\nstatus: {phase: Running, startedAt: <5m>}", broken(trace.CodeGenerationNotObserved)},
		"RunsInTime":        {workflow + "spec: {activeDeadlineSeconds: 600}\nstatus: {phase: Running, startedAt: <5m>}", onItsWay()},
		"WaitsForItsTurn":   {workflow + "metadata: {creationTimestamp: <5m>}\nstatus: {phase: Pending}", onItsWay()},
		"WaitsForLong":      {workflow + "metadata: {creationTimestamp: <1h>}\nstatus: {phase: Pending}", assessed{trace.Progressing, trace.Current, trace.CodeResourceNotReady, trace.Warning}},
		"Error":             {workflow + "status: {phase: Error, message: m}", broken(trace.CodeJobFailed)},
		"Running":           {vela + "status: {status: running}", ok()},
		"Unhealthy":         {vela + "status: {status: unhealthy}", broken(trace.CodeApplicationNotHealthy)},
		"Deploys":           {"metadata: {creationTimestamp: <5s>}\n" + vela + "status: {status: runningWorkflow}", onItsWay()},
		"DeploysForever":    {vela + "status: {status: runningWorkflow}", broken(trace.CodeApplicationNotHealthy)},
		"WorkflowSuspended": {vela + "status: {status: workflowSuspending}", assessed{State: trace.Suspended, Current: trace.Behind}},
		"Definition":        {"apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nstatus: {}", ok()},
	})
}
