package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args  []string
		words string
	}{
		"TwoComponents":      {[]string{"trace", "a", "b"}, `unknown kind "a"; use one COMPONENT, or KIND/NAME`},
		"UnknownFlag":        {[]string{"trace", "--nothing"}, "see kubectl choreo trace --help"},
		"UnknownFormat":      {[]string{"trace", "a", "-o", "xml"}, `unknown output format "xml"; use one of tree, wide, json, yaml, mermaid, dot, html, name, go-template`},
		"UnknownColour":      {[]string{"trace", "a", "--color", "red"}, `invalid --color "red"`},
		"UnknownCommand":     {[]string{"trcae"}, `unknown command "trcae"`},
		"ReconcileOutput":    {[]string{"reconcile", "a", "-o", "wide"}, `unknown output format "wide"; use one of tree, json, name, go-template`},
		"ReconcileTimeout":   {[]string{"reconcile", "a", "--timeout", "0s"}, "must be greater than 0"},
		"ReconcileAllAndOne": {[]string{"reconcile", "a", "-A"}, "cannot combine a component name with -A"},
		"ReconcilePlane":     {[]string{"reconcile", "--plane", "prod"}, "use NAME=CONTEXT"},
		"ReconcileSnapshot":  {[]string{"reconcile", "a", "--snapshot", "x"}, "unknown flag: --snapshot"},
		"VerifyAllAndOne":    {[]string{"verify", "a", "-A"}, "cannot combine component names with -A"},
		"VerifyLabelsAndOne": {[]string{"verify", "a", "-l", "b=c"}, "cannot combine component names with -l"},
		"VerifyLabels":       {[]string{"verify", "-l", "a in"}, "invalid --selector"},
		"VerifyRequire":      {[]string{"verify", "a", "--require", "perfect"}, `invalid --require "perfect"`},
		"VerifyFailOn":       {[]string{"verify", "a", "--fail-on", "info"}, "use error or warning"},
		"VerifyOutput":       {[]string{"verify", "a", "-o", "tree"}, `unknown output format "tree"`},
		"VerifyReport":       {[]string{"verify", "a", "--report", "junit"}, "use FORMAT=FILE"},
		"VerifyReportFormat": {[]string{"verify", "a", "--report", "xml=a"}, `unknown output format "xml"`},
		"VerifyTimeout":      {[]string{"verify", "a", "--timeout", "-1s"}, "must not be negative"},
		"VerifyProbeHeader":  {[]string{"verify", "a", "--probe-header", "x"}, "use NAME: VALUE"},
		"VerifyProbeStatus":  {[]string{"verify", "a", "--probe-status", "ok"}, "invalid --probe-status"},
		"VerifyProbeTimeout": {[]string{"verify", "a", "--probe-timeout", "0s"}, "must be greater than 0"},
		"VerifyPlane":        {[]string{"verify", "a", "--plane", "prod"}, "use NAME=CONTEXT"},
		"VerifySnapshots":    {[]string{"verify", "a", "b", "--snapshot", "x"}, "a snapshot holds one component"},
		"UntilWithoutWatch":  {[]string{"trace", "a", "--until", "healthy"}, "--until requires -w"},
		"UntilWhat":          {[]string{"trace", "a", "-w", "--until", "done"}, `invalid --until "done"`},
		"WatchSnapshot":      {[]string{"trace", "a", "-w", "--snapshot", "x"}, "cannot watch a snapshot"},
		"WatchYAML":          {[]string{"trace", "a", "-w", "-o", "yaml"}, `cannot watch with output format "yaml"`},
		"VersionFormat":      {[]string{"version", "-o", "xml"}, `unknown output format "xml"; use one of text, json, yaml, go-template`},
		"NoCluster":          {[]string{"trace", "a", "--kubeconfig", os.DevNull}, "kubeconfig /dev/null names none; use --kubeconfig"},
		"NoSuchFile":         {[]string{"trace", "--snapshot", "/nowhere/case.yaml"}, "cannot open snapshot: open /nowhere/case.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, exit := runIn(t, nil, c.args...)
			if exit != 1 || stdout != "" || !strings.Contains(stderr, c.words) {
				t.Errorf("exit %d, want 1 and %q on stderr alone\nstdout: %s\nstderr: %s", exit, c.words, stdout, stderr)
			}
		})
	}
}

func TestBrokenSnapshotNamesFileAndLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "case.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: v1\nkind: Pod\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, exit := runIn(t, nil, "trace", "--snapshot", file)
	if exit != 1 || stdout != "" || !strings.HasPrefix(stderr, "error: read snapshot "+file+": line 1: ") {
		t.Errorf("exit %d\nstdout: %s\nstderr: %s", exit, stdout, stderr)
	}
}

func TestSnapshotOfAnotherComponent(t *testing.T) {
	t.Parallel()
	_, stderr, exit := runIn(t, nil, "trace", "greeter-client", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"))
	if exit != 1 || !strings.Contains(stderr, "snapshot.yaml is a snapshot of component greeter-service") {
		t.Errorf("exit %d, stderr: %s", exit, stderr)
	}
}

// TestSnapshotRoundTrip: a snapshot of a snapshot is judged like the first.
func TestSnapshotRoundTrip(t *testing.T) {
	t.Parallel()
	source := filepath.Join(scenarioDir, "pod-crash-loop", "snapshot.yaml")
	copied := filepath.Join(t.TempDir(), "copy.yaml")
	if _, stderr, exit := runIn(t, nil, "snapshot", "--snapshot", source, "--logs", "-f", copied); exit != 0 {
		t.Fatalf("exit %d: %s", exit, stderr)
	}
	want, _ := run(t, "trace", "--snapshot", source)
	got, _ := run(t, "trace", "--snapshot", copied)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file may be read by others: %v %v", info.Mode(), err)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs strings.Builder
	code := Main(ctx, iostreams.IOStreams{
		Args: []string{"kubectl-choreo", "trace", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml")},
		In:   strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" },
	})
	if code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
}

func TestHelpSpeaksAsAPlugin(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]string{
		"/home/me/.krew/bin/kubectl-choreo": "kubectl choreo trace [COMPONENT | KIND/NAME | -f FILE]",
		"C:/krew/kubectl-choreo.exe":        "kubectl choreo trace [COMPONENT | KIND/NAME | -f FILE]",
		"/home/me/.fluxcd/flux-choreo":      "flux choreo trace [COMPONENT | KIND/NAME | -f FILE]",
	} {
		var out strings.Builder
		Main(context.WithoutCancel(t.Context()), iostreams.IOStreams{Args: []string{program, "trace", "--help"}, Out: &out, Err: &out, Getenv: func(string) string { return "" }})
		other := map[bool]string{true: "kubectl choreo ", false: "flux choreo "}[strings.HasPrefix(want, "flux")]
		if strings.Contains(out.String(), other) {
			t.Errorf("%s: help speaks of %q:\n%s", program, other, out.String())
		}
		if !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "an object was forbidden or unreachable") {
			t.Errorf("%s: help has no %q or no exit codes:\n%s", program, want, out.String())
		}
	}
}
