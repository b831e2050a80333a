package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// hostile is what somebody makes a cluster say who wants to command a terminal or GitHub's runner, or to forge a line.
const hostile = "\x1b[2J\x1b]0;title\a \u202eback\u202c \rover\x00\u009b1m \n::error::forged\n##[error]forged\nerror: forged"

// snapshotOfHostile is a file of a component with such a name.
const snapshotOfHostile = `apiVersion: kubectl-choreo.dev/v1alpha1
kind: Snapshot
takenAt: "2026-11-21T09:22:09Z"
subject:
  namespace: healthy
  component: "\e[2J \u202eback\u202c \rover\0 \n::error::forged\nerror: forged"
...
`

// harmless checks that a stream shows the hostile text, and obeys none of it.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	if !strings.Contains(text, `\x1b[2J`) || !strings.Contains(text, `\u202e`) {
		t.Errorf("%s does not show what was said: %q", what, text)
	}
	if strings.ContainsAny(text, "\x1b\a\r\x00\u009b\u202e\u202c") || strings.Contains(text, "##[") {
		t.Errorf("%s lets through what commands a terminal: %q", what, text)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.HasPrefix(line, "error: forged") {
			t.Errorf("%s has a forged line: %q", what, line)
		}
	}
}

// TestHostileErrors: what an API server or a file says is escaped where it ends a command.
func TestHostileErrors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "case.yaml")
	if err := os.WriteFile(file, []byte(snapshotOfHostile), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		refused string
		down    bool
		args    []string
	}{
		"TraceForbidden":     {refused: "*", args: []string{"trace", "greeter-service"}},
		"TraceUnreachable":   {down: true, args: []string{"trace", "greeter-service"}},
		"SnapshotForbidden":  {refused: "*", args: []string{"snapshot", "greeter-service"}},
		"VerifyForbidden":    {refused: "*", args: []string{"verify"}},
		"VerifyUnreachable":  {down: true, args: []string{"verify", "--timeout", "0"}},
		"VerifyWaits":        {down: true, args: []string{"verify", "--timeout", "1s"}},
		"StatusForbidden":    {refused: "*", args: []string{"status"}},
		"StatusUnreachable":  {down: true, args: []string{"status", "-A"}},
		"ReconcileForbidden": {refused: "*", args: []string{"reconcile", "greeter-service"}},
		"File":               {args: []string{"trace", "greeter-service", "--snapshot", file}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				g := gateInBubble(t, "healthy", 0)
				g.refused, g.says = c.refused, hostile
				g.down.Store(c.down)
				_, stderr, exit := g.run(t, append(c.args, "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())...)
				if exit == cmdutil.ExitOK {
					t.Error("it has passed")
				}
				harmless(t, "stderr", stderr)
			})
		})
	}
}

// TestHostileProgress: so is what a status says, in the lines that tell how far the waiting is.
func TestHostileProgress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		g.change(runningSince(time.Now()))
		g.change(func(objects []facts.Object) []facts.Object {
			for i, o := range objects {
				if o.Ref.Kind == "Kustomization" {
					body := o.Body.DeepCopy()
					conditions := anys(kinds.Items(body, "status", "conditions"))
					for _, c := range conditions {
						c.(map[string]any)["message"] = hostile
					}
					_ = unstructured.SetNestedSlice(body.Object, conditions, "status", "conditions")
					objects[i].Body = body
				}
			}
			return objects
		})
		stdout, stderr := g.holds(t, 3, nil, "greeter-service", "--timeout", "10s")
		harmless(t, "stderr", stderr)
		harmless(t, "stdout", stdout)
	})
}
