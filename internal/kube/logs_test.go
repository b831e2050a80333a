package kube

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestLog(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(w, "starting\npanic: no\n")
	})
	q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main", Previous: true}
	l := s.Log(t.Context(), q)
	if diff := cmp.Diff(facts.Log{Query: q, Outcome: facts.Found, Lines: []string{"starting", "panic: no"}}, l); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if asked := a.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "GET /api/v1/namespaces/cell/pods/p/log?container=main") || !strings.Contains(asked[0], "previous=true") {
		t.Errorf("asked %v", asked)
	}
}
