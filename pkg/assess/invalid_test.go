package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const hostileName = "../../../../../../api/v1/namespaces/default/secrets/password"

// refuse records the answer that every Source gives to an invalid reference.
func (w world) refuse(ref facts.Ref) {
	w.t.Helper()
	err := reference.Object(ref)
	if err == nil {
		w.t.Fatalf("%s is valid", ref)
	}
	w.Put(facts.Object{Ref: ref, Outcome: facts.Invalid, Reason: err.Error()})
}

func TestInvalidReferences(t *testing.T) {
	t.Parallel()
	const dev = "development"
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
		path   string // of the field that is blamed
	}{
		"Release": {func(w world) {
			w.set(w.one("ReleaseBinding", dev), hostileName, "spec", "releaseName")
			w.refuse(facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ComponentRelease", Namespace: w.Subject.Namespace, Name: hostileName})
		}, outcome{trace.VerdictFailed, trace.RungRelease, dev, trace.CodeInvalidReference, "ReleaseBinding"}, "spec.releaseName"},
		"Pipeline": {func(w world) {
			w.set(w.one("Project", ""), "a\nb", "spec", "deploymentPipelineRef", "name")
			w.refuse(facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "DeploymentPipeline", Namespace: w.Subject.Namespace, Name: "a\nb"})
		}, outcome{trace.VerdictFailed, trace.RungProject, "", trace.CodeInvalidReference, "Project"}, "spec.deploymentPipelineRef.name"},
		"ComponentType": {func(w world) {
			w.set(w.one("Component", ""), "deployment/..", "spec", "componentType", "name")
			w.refuse(facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ClusterComponentType", Name: ".."})
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidReference, "Component"}, "spec.componentType.name"},
		// No rung looks at the store of an ExternalSecret that is not there.
		"NobodyLooks": {func(w world) {
			w.set(w.one("Component", ""), "%2e%2e/x", "spec", "workflow", "name")
			w.refuse(facts.Ref{Plane: "default", Group: "external-secrets.io", Kind: "SecretStore", Namespace: "default", Name: "%2e%2e/x"})
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidReference, "Component"}, "spec.workflow.name"},
		"NobodyCarriesIt": {func(w world) {
			w.refuse(facts.Ref{Plane: "default", Group: "external-secrets.io", Kind: "SecretStore", Namespace: "default", Name: "*"})
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidReference, "SecretStore"}, ""},
		"Namespace": {func(w world) {
			q := facts.Query{Plane: "default", Kind: "Event", Namespace: "kube-system/secrets", Fields: "type=Warning"}
			w.PutList(facts.List{Query: q, Outcome: facts.Invalid, Reason: reference.List(q).Error()}, nil)
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidReference, "Event"}, ""},
		"Container": {func(w world) {
			q := facts.LogQuery{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "a"}, Container: "-f"}
			w.PutLog(facts.Log{Query: q, Outcome: facts.Invalid, Reason: reference.Log(q).Error()})
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidReference, "Pod"}, ""},
		"Clean": {func(world) {}, outcome{Verdict: trace.VerdictHealthy}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Fatalf("%+v (-want +got)\n%s", got.Failing, diff)
			}
			if c.path == "" {
				return
			}
			f := got.Failing
			if len(f.Evidence) != 1 || f.Evidence[0].Path != c.path || !strings.HasPrefix(f.Message, c.path+": invalid name ") || len(f.Next) != 1 {
				t.Errorf("%+v", f)
			}
		})
	}
}
