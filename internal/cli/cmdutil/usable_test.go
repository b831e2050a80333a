package cmdutil

import (
	"errors"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestOldOpenChoreoIsNamed: before 1.0 Components are served, and RenderedReleases are not.
func TestOldOpenChoreoIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		component, rendered facts.Outcome
		want                string
	}{
		"Supported":       {facts.Found, facts.Found, ""},
		"NotAsked":        {facts.Found, facts.NotAsked, ""},
		"Old":             {facts.Found, facts.NoKind, "unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required"},
		"OldAndAbsent":    {facts.Absent, facts.NoKind, "unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required"},
		"NoOpenChoreo":    {facts.NoKind, facts.NoKind, "does not serve Component.openchoreo.dev"},
		"NobodyMayListIt": {facts.Found, facts.Forbidden, ""},
	} {
		s := facts.New(facts.Subject{Namespace: "acme", Component: "greeter-service"}, time.Time{})
		s.Put(facts.Object{
			Ref:     facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "acme", Name: "greeter-service"},
			Outcome: c.component, Body: &unstructured.Unstructured{Object: map[string]any{"kind": "Component"}},
		})
		if c.rendered != facts.NotAsked {
			q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: "acme", Labels: kinds.LabelComponent + "=greeter-service"}
			s.PutList(facts.List{Query: q, Outcome: c.rendered}, nil)
		}
		err := (&Reader{}).CheckUsable(s, "https://127.0.0.1")
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// TestReadError: what is known is no error; a refusal has the exit code of what is unknown, and silence may end.
func TestReadError(t *testing.T) {
	t.Parallel()
	const host = "https://c:6443"
	for name, c := range map[string]struct {
		outcome      facts.Outcome
		reason, want string
		code         int
		mayAnswer    bool
	}{
		"Found":        {facts.Found, "", "", 0, false},
		"Absent":       {facts.Absent, "", "", 0, false},
		"NoKind":       {facts.NoKind, "", "cluster https://c:6443 does not serve Component.openchoreo.dev; use the context of an OpenChoreo control plane, version 1.0 or later", 0, false},
		"Forbidden":    {facts.Forbidden, "components is forbidden", "components is forbidden; ask an administrator for the roles in docs/rbac.md", ExitUndecided, false},
		"Unauthorized": {facts.Forbidden, "Unauthorized", "cluster https://c:6443 rejects the credentials (Unauthorized); log in again, or use --context, --kubeconfig or --token", ExitUndecided, false},
		"Unreachable":  {facts.Unreachable, "connection refused", "cannot reach the cluster at https://c:6443: connection refused", 0, true},
		"NotAsked":     {facts.NotAsked, "context canceled", "cannot reach the cluster at https://c:6443: context canceled", 0, true},
		"Untrusted":    {facts.Unreachable, "tls: x509: unknown authority", "cannot reach the cluster at https://c:6443: tls: x509: unknown authority", 0, false},
		"Invalid":      {facts.Invalid, `invalid name "../x"`, `invalid name "../x"`, 0, false},
		"Other":        {facts.Outcome(200), "", "cannot read the component", 0, false},
	} {
		err := ReadError(c.outcome, c.reason, host)
		if got := errorText(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		var coded *CodedError
		if errors.As(err, &coded) != (c.code != 0) || coded != nil && coded.Code != c.code {
			t.Errorf("%s: %v has not code %d", name, err, c.code)
		}
		var silent *UnansweredError
		if got := errors.As(err, &silent) && silent.MayAnswer(); got != c.mayAnswer {
			t.Errorf("%s: may answer %t, want %t", name, got, c.mayAnswer)
		}
	}
}
