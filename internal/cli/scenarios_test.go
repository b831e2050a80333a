package cli

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

var update = flag.Bool("update", false, "write the expected outputs of the scenarios anew")

const scenarioDir = "../../testdata/scenarios"

// TestScenarios traces every recorded scenario through the user's own door, and compares everything that the user gets:
// the tree at 80 columns, the JSON and the exit code.
func TestScenarios(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		t.Fatal("there are no scenarios")
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			snapshot := filepath.Join(scenarioDir, e.Name(), "snapshot.yaml")
			tree, exit := run(t, "trace", "--snapshot", snapshot)
			data, exitJSON := run(t, "trace", "-o", "json", "--snapshot", snapshot)
			if exit != exitJSON {
				t.Errorf("the exit code depends on the format: tree %d, json %d", exit, exitJSON)
			}
			expect(t, e.Name(), "want.tree", tree)
			expect(t, e.Name(), "want.json", data)
			expect(t, e.Name(), "want.exit", strconv.Itoa(exit)+"\n")
		})
	}
}

func expect(t *testing.T, scenario, file, got string) {
	t.Helper()
	path := filepath.Join(scenarioDir, scenario, file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); if the new output is right, write it with make golden\n%s", file, diff)
	}
}

// run runs the program as a user at a pipe of 80 columns does.
func run(t *testing.T, args ...string) (stdout string, exit int) {
	t.Helper()
	stdout, stderr, exit := runIn(t, map[string]string{"COLUMNS": "80", "LANG": "C.UTF-8"}, args...)
	if stderr != "" {
		t.Errorf("%s: stderr: %s", strings.Join(args, " "), stderr)
	}
	return stdout, exit
}

func runIn(t *testing.T, environment map[string]string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runWithStreams(t, iostreams.IOStreams{Getenv: func(name string) string { return environment[name] }}, args...)
}

// runWithStreams runs the program with what w does not set: arguments and streams.
func runWithStreams(t *testing.T, w iostreams.IOStreams, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runWithContext(context.WithoutCancel(t.Context()), w, args...)
}

// runUntil interrupts the command after some time.
func runUntil(t *testing.T, length time.Duration, w iostreams.IOStreams, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	return runWithContext(ctx, w, args...)
}

func runWithContext(ctx context.Context, w iostreams.IOStreams, args ...string) (stdout, stderr string, exit int) {
	var out, err bytes.Buffer
	w.Args, w.In, w.Out, w.Err = append([]string{"kubectl-choreo"}, args...), strings.NewReader(""), &out, &err
	if w.Getenv == nil {
		w.Getenv = func(string) string { return "" }
	}
	code := Main(ctx, w)
	return out.String(), err.String(), code
}
