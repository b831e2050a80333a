package text

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func kustomization(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// TestFrameFits: every line is one line of the terminal, so that it can be drawn over.
func TestFrameFits(t *testing.T) {
	t.Parallel()
	steps := []Step{
		{Object: kustomization("oc-demo-platform"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{kustomization("oc-demo-namespaces")}},
		{Environment: "development", Rung: trace.RungPod, State: "Failed", Look: trace.Failed, Begun: printerstest.Now.Add(-90 * time.Second), Message: "日本語 \x1b[2J" + strings.Repeat("long ", 50)},
	}
	for _, o := range []style.Options{{Marks: true, Width: 80}, {Marks: true, Width: 80, ASCII: true, Color: true}, {Width: 200}} {
		frame := DrawSteps(o, steps, printerstest.Now)
		for line := range strings.SplitSeq(frame, "\n") {
			plain := strings.NewReplacer("\x1b[2m", "", "\x1b[1;31m", "", "\x1b[0m", "").Replace(line)
			if style.Cells(plain) >= o.Width || strings.Contains(plain, "\x1b") {
				t.Errorf("width %d: %d cells: %q", o.Width, style.Cells(plain), plain)
			}
		}
		for _, words := range []string{"not attempted: after", "90.0s", "development: pod"} {
			if !strings.Contains(frame, words) {
				t.Errorf("the frame does not say %q:\n%s", words, frame)
			}
		}
	}
}
