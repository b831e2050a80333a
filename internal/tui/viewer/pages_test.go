package viewer

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHelp names each key and what it does.
func TestHelp(t *testing.T) {
	t.Parallel()
	m, _ := pressed(viewed(t, 60), "?")
	drawn := m.Draw()
	for _, b := range bindings() {
		if !strings.Contains(drawn, b.names) || !strings.Contains(drawn, b.help) {
			t.Errorf("the help does not name %s: %s\n%s", b.names, b.help, drawn)
		}
	}
	seen := map[string]bool{}
	for _, b := range bindings() {
		for _, key := range b.keys {
			if seen[key] {
				t.Errorf("%s is bound twice", key)
			}
			seen[key] = true
		}
	}
}

// TestHarmless: no page shows text of the cluster that commands a terminal, and none is copied or opened.
func TestHarmless(t *testing.T) {
	t.Parallel()
	tr := printerstest.Poisoned(printerstest.Hostile)
	s := facts.New(tr.Subject, printerstest.Now)
	pod := tr.Failing.Object
	s.PutLog(facts.Log{Query: facts.LogQuery{Pod: pod, Container: printerstest.Hostile}, Outcome: facts.Found, Lines: []string{printerstest.Hostile}})
	m := Model{Options: printers.Options{Now: printerstest.Now}}.Resized(100, 50).Updated(Update{
		Trace: tr, Snapshot: s, Changes: []change.Change{{Component: printerstest.Hostile, Message: printerstest.Hostile}},
		Of: func(string) *trace.Trace { return tr },
	})
	for _, keys := range []string{"", "?", "l", "e", "o", "r", "f", "j", "G", "y"} {
		next, c := pressed(m, keys)
		printerstest.CheckHarmless(t, keys, next.Draw())
		printerstest.CheckHarmless(t, keys, c.Text)
	}
}
