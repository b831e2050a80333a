package binding_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestSecretReferenceThatHasCome: OpenChoreo returns this error to its queue, so that it tries again, each time after twice as long
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490). What other NotFound reasons name it does not look for again.
func TestSecretReferenceThatHasCome(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const absent = `Failed to collect SecretReferences: failed to get SecretReference "db": SecretReference.openchoreo.dev "db" not found`
	const noKey = `Failed to collect SecretReferences: key "password" not found in SecretReference "db"; available keys: [user]`
	const retries = "; OpenChoreo retries with a growing delay"
	type judged struct {
		State trace.State
		Code  trace.Code
		Hint  string
		Wakes bool
	}
	came := func(age time.Duration) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.PutYAML(`{apiVersion: openchoreo.dev/v1alpha1, kind: SecretReference, metadata: {name: db, namespace: healthy, creationTimestamp: "` + w.Ago(age) + `"},
spec: {data: [{secretKey: user}]}}`)
		}
	}
	complete := func(w assesstest.World) {
		came(time.Hour)(w)
		w.Set(w.One("SecretReference", "db"), []any{map[string]any{"secretKey": "user"}, map[string]any{"secretKey": "password"}}, "spec", "data")
	}
	for name, c := range map[string]struct {
		message string
		since   time.Duration
		change  func(w assesstest.World)
		want    judged
	}{
		"CameAtOnce":   {absent, 10 * time.Second, came(8 * time.Second), judged{trace.Progressing, "", "", false}},
		"IsDue":        {absent, 90 * time.Second, came(50 * time.Second), judged{trace.Progressing, "", "", false}},
		"IsOverdue":    {absent, 3 * time.Minute, came(150 * time.Second), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "SecretReference healthy/db exists now" + retries, true}},
		"CameLate":     {absent, time.Hour, came(time.Minute), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "SecretReference healthy/db exists now" + retries, true}},
		"LacksTheKey":  {noKey, time.Hour, came(time.Hour), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "add the key \"password\" to it, or correct the key in the Workload or the ReleaseBinding", false}},
		"HasTheKeyNow": {noKey, time.Hour, complete, judged{trace.Failed, trace.CodeSecretReferenceNotUsable, `it now has the key "password"` + retries, true}},
		"NotRead": {
			`Failed to collect SecretReferences: failed to get SecretReference "db": the server is currently unable to handle the request`, time.Hour, came(2 * time.Hour),
			judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "OpenChoreo could not read it" + retries, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Aged(24 * time.Hour)
			c.change(w)
			w.Condition(w.One("ReleaseBinding", bound), c.since, "ReleaseSynced", "False", "RenderingFailed", c.message)
			r := binding.AssessBinding(w.Development())
			got := judged{State: r.State}
			for _, f := range r.Findings {
				got.Code, got.Hint, got.Wakes = f.Code, f.Hint, f.Wake == w.One("ReleaseBinding", bound).Ref
			}
			if got != c.want {
				t.Errorf("got\n%+v, want\n%+v", got, c.want)
			}
		})
	}
}
