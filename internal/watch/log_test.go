package watch

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestALogIsReadAgainWhenItsPodHasChanged(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		pod := &unstructured.Unstructured{Object: map[string]any{
			"kind": "Pod", "apiVersion": "v1", "metadata": map[string]any{"name": "p", "namespace": "cell", "labels": map[string]any{"app": "x"}},
		}}
		w.put(pod)
		q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main"}
		read := func() {
			w.Helper()
			l := w.source.Log(w.Context(), q)
			if l.Outcome != facts.Found || len(l.Lines) != 1 || l.Lines[0] != "last words" || l.Query != q {
				w.Fatalf("%+v", l)
			}
			l.Lines[0] = "spoilt"
		}
		read()
		read() // the pod is not cached
		w.wantsRequests("LOG pods/p/log", "LOG pods/p/log")
		w.source.List(w.Context(), facts.Query{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Labels: "app=x"})
		w.wantsRequests("LIST pods app=x", "WATCH pods app=x")
		read()
		read()
		w.wantsRequests("LOG pods/p/log")
		w.put(pod)
		w.changed()
		read()
		read()
		w.wantsRequests("LOG pods/p/log")
		w.remove(pod)
		w.changed()
		read()
		w.wantsRequests("LOG pods/p/log")
	})
}
