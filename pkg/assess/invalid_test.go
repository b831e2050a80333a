package assess

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const hostileName = "../../../../../../api/v1/namespaces/default/secrets/password"

// refuse records the answer that every Source gives to an invalid reference.
func refuse(w assesstest.World, ref facts.Ref) {
	w.T.Helper()
	err := reference.Object(ref)
	if err == nil {
		w.T.Fatalf("%s is valid", ref)
	}
	w.Put(facts.Object{Ref: ref, Outcome: facts.Invalid, Reason: err.Error()})
}

func TestInvalidReferences(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const dev = "development"
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   assesstest.Outcome
		path   string // of the field that is blamed
	}{
		"Release": {func(w assesstest.World) {
			w.Set(w.One("ReleaseBinding", dev), hostileName, "spec", "releaseName")
			refuse(w, facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ComponentRelease", Namespace: w.Subject.Namespace, Name: hostileName})
		}, assesstest.Failed(trace.RungRelease, dev, trace.CodeInvalidReference, "ReleaseBinding"), "spec.releaseName"},
		"Pipeline": {func(w assesstest.World) {
			w.Set(w.One("Project", ""), "a\nb", "spec", "deploymentPipelineRef", "name")
			refuse(w, facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "DeploymentPipeline", Namespace: w.Subject.Namespace, Name: "a\nb"})
		}, assesstest.Failed(trace.RungProject, "", trace.CodeInvalidReference, "Project"), "spec.deploymentPipelineRef.name"},
		"ComponentType": {func(w assesstest.World) {
			w.Set(w.One("Component", ""), "deployment/..", "spec", "componentType", "name")
			refuse(w, facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ClusterComponentType", Name: ".."})
		}, assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidReference, "Component"), "spec.componentType.name"},
		// No rung looks at the store of an ExternalSecret that is not there.
		"NobodyLooks": {func(w assesstest.World) {
			w.Set(w.One("Component", ""), "%2e%2e/x", "spec", "workflow", "name")
			refuse(w, facts.Ref{Plane: "default", Group: "external-secrets.io", Kind: "SecretStore", Namespace: "default", Name: "%2e%2e/x"})
		}, assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidReference, "Component"), "spec.workflow.name"},
		"NobodyCarriesIt": {func(w assesstest.World) {
			refuse(w, facts.Ref{Plane: "default", Group: "external-secrets.io", Kind: "SecretStore", Namespace: "default", Name: "*"})
		}, assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidReference, "SecretStore"), ""},
		"Namespace": {func(w assesstest.World) {
			q := facts.Query{Plane: "default", Kind: "Event", Namespace: "kube-system/secrets", Fields: "type=Warning"}
			w.PutList(facts.List{Query: q, Outcome: facts.Invalid, Reason: reference.List(q).Error()}, nil)
		}, assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidReference, "Event"), ""},
		"Container": {func(w assesstest.World) {
			q := facts.LogQuery{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "a"}, Container: "-f"}
			w.PutLog(facts.Log{Query: q, Outcome: facts.Invalid, Reason: reference.Log(q).Error()})
		}, assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidReference, "Pod"), ""},
		"Clean": {func(assesstest.World) {}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Fatalf("%+v (-want +got)\n%s", got.Failing, diff)
			}
			if c.path == "" {
				return
			}
			f := got.Failing
			if len(f.Evidence) != 1 || f.Evidence[0].Path != c.path || !strings.HasPrefix(f.Message, c.path+": invalid name ") || !slices.ContainsFunc(f.Next, func(c string) bool { return strings.HasPrefix(c, "kubectl get ") && strings.Contains(c, f.Object.Name) }) {
				t.Errorf("%+v", f)
			}
		})
	}
}
