package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// looksUp runs the printed commands that only read, as a person who pastes them would. An object that does not exist is accepted here:
// TestNextSteps of internal/cli holds that it is the one that the finding misses.
func (s Scenario) looksUp(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, printed := range s.steps(ctx, t) {
		if !lookUp.MatchString(printed.Command) || strings.HasSuffix(printed.Command, " -w") {
			continue
		}
		out, err := s.paste(ctx, t, printed)
		var exit *exec.ExitError
		isVerdict := strings.HasPrefix(printed.Command, "kubectl choreo trace ") && errors.As(err, &exit) && exit.ExitCode() > 1
		if err != nil && !isVerdict && !strings.Contains(out, "(NotFound)") && ctx.Err() == nil {
			t.Errorf("the printed command fails: %s\n%v\n%s", printed.Command, err, out)
		}
	}
}

// lookUp matches the commands that change nothing and end. There is no log of a container that has never run. A command that watches is left
// out: it may wait for a person.
var lookUp = regexp.MustCompile(`^kubectl (get|describe|events|choreo (trace|explain)) `)

// Fixes runs the printed commands that end the fault, and waits until the trace no longer finds it.
func (s Scenario) Fixes(ctx context.Context, t *testing.T) {
	t.Helper()
	if len(s.Fix) == 0 {
		return
	}
	if _, err := exec.LookPath("flux"); err != nil && strings.HasPrefix(s.Fix[0], "flux ") {
		t.Logf("not run, as the flux command is not installed: %s", s.Fix)
		return
	}
	printed := s.steps(ctx, t)
	for tries := 1; s.Repeat != nil && len(printed) == 0 && tries < 3; tries++ { // the cluster has repaired itself since
		s.Repeat(ctx, t)
		printed = s.steps(ctx, t)
	}
	for _, begin := range s.Fix {
		i := slices.IndexFunc(printed, func(p Step) bool { return strings.HasPrefix(p.Command, begin) })
		if i < 0 {
			t.Fatalf("no printed command begins with %q: %v", begin, printed)
		}
		if out, err := s.paste(ctx, t, printed[i]); err != nil {
			t.Fatalf("the printed command fails: %s\n%v\n%s", printed[i].Command, err, out)
		}
	}
	var last string
	waiting, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	err := pauses().Until(waiting, true, true, func(ctx context.Context) (bool, error) {
		r := s.Again(ctx, t, s.Lab.Kubeconfig(""), s.Verb("trace", "-o", "json")...)
		last = r.Stdout
		got, err := Parse(r)
		return err == nil && got.Failing == nil && !got.finds(s.Want.Code) && !got.finds(s.Want.Finds), nil
	})
	if err != nil {
		t.Errorf("the fault is still there after %q: %v\n%s", s.Fix, err, last)
	}
}

// steps returns the commands that are printed for the failing finding, or for all findings if nothing fails.
func (s Scenario) steps(ctx context.Context, t *testing.T) []Step {
	t.Helper()
	got, err := Parse(s.Again(ctx, t, s.Lab.Kubeconfig(""), s.Verb("trace", "-o", "json")...))
	if err != nil {
		t.Errorf("trace once more: %v", err)
		return nil
	}
	if got.Failing != nil {
		return got.Failing.NextSteps
	}
	var all []Step
	for _, r := range got.all() {
		for _, f := range r.Findings {
			all = append(all, f.NextSteps...)
		}
	}
	return all
}

// paste runs a printed command in a shell, against the cluster of its plane.
func (s Scenario) paste(ctx context.Context, t *testing.T, printed Step) (string, error) {
	t.Helper()
	kubeconfig := s.Lab.Kubeconfig("")
	if printed.Plane == "prod" && strings.Contains(printed.Role, "data plane") {
		kubeconfig = s.Lab.Kubeconfig("prod")
	}
	programs, err := s.onPath(t)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", printed.Command)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_CHOREO_CONFIG="+os.DevNull, "PATH="+programs+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// onPath returns a folder with the programs that printed commands call.
func (s Scenario) onPath(t *testing.T) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, program := range map[string]string{"kubectl": s.Lab.Binary("kubectl"), "kubectl-choreo": s.Plain, "occ": s.Lab.Binary("occ")} {
		if err := os.Symlink(program, filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("link %s: %w", name, err)
		}
	}
	return dir, nil
}
