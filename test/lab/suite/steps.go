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

// runReadOnlyCommands runs the printed commands that only read, and expects success. NotFound is accepted: TestNextSteps of internal/cli checks
// that such an object is the one that the finding reports as missing.
func (s Scenario) runReadOnlyCommands(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, printed := range s.nextSteps(ctx, t) {
		if !readOnlyCommand.MatchString(printed.Command) || strings.HasSuffix(printed.Command, " -w") {
			continue
		}
		out, err := s.runPrinted(ctx, t, printed)
		var exit *exec.ExitError
		isVerdict := strings.HasPrefix(printed.Command, "kubectl choreo trace ") && errors.As(err, &exit) && exit.ExitCode() > 1
		if err != nil && !isVerdict && !strings.Contains(out, "(NotFound)") && ctx.Err() == nil {
			t.Errorf("printed command failed: %s\n%v\n%s", printed.Command, err, out)
		}
	}
}

// readOnlyCommand matches the commands that only read and terminate. kubectl logs is left out: a container that never ran has no log. A
// command that watches is left out as well: it may wait for a person.
var readOnlyCommand = regexp.MustCompile(`^kubectl (get|describe|events|choreo (trace|explain)) `)

// RunFixes runs the printed commands that end the fault, and waits until the trace no longer reports it.
func (s Scenario) RunFixes(ctx context.Context, t *testing.T) {
	t.Helper()
	if len(s.Fix) == 0 {
		return
	}
	if _, err := exec.LookPath("flux"); err != nil && strings.HasPrefix(s.Fix[0], "flux ") {
		t.Logf("skipped: flux is not installed: %s", s.Fix)
		return
	}
	printed := s.nextSteps(ctx, t)
	for tries := 1; s.Reinject != nil && len(printed) == 0 && tries < 3; tries++ { // the cluster has recovered
		s.Reinject(ctx, t)
		printed = s.nextSteps(ctx, t)
	}
	for _, prefix := range s.Fix {
		i := slices.IndexFunc(printed, func(p Step) bool { return strings.HasPrefix(p.Command, prefix) })
		if i < 0 {
			t.Fatalf("no printed command starts with %q: %v", prefix, printed)
		}
		if out, err := s.runPrinted(ctx, t, printed[i]); err != nil {
			t.Fatalf("printed command failed: %s\n%v\n%s", printed[i].Command, err, out)
		}
	}
	var last string
	waiting, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	err := pollDelay().Until(waiting, true, true, func(ctx context.Context) (bool, error) {
		r := s.RunPlain(ctx, t, s.Lab.Kubeconfig(""), s.CommandArgs("trace", "-o", "json")...)
		last = r.Stdout
		got, err := ParseTrace(r)
		return err == nil && got.Failing == nil && !got.hasFinding(s.Want.Code) && !got.hasFinding(s.Want.Finding), nil
	})
	if err != nil {
		t.Errorf("the trace still reports the fault after %q: %v\n%s", s.Fix, err, last)
	}
}

// nextSteps returns the printed commands of the failing finding, or of all findings if none fails.
func (s Scenario) nextSteps(ctx context.Context, t *testing.T) []Step {
	t.Helper()
	got, err := ParseTrace(s.RunPlain(ctx, t, s.Lab.Kubeconfig(""), s.CommandArgs("trace", "-o", "json")...))
	if err != nil {
		t.Errorf("cannot read the printed commands: %v", err)
		return nil
	}
	if got.Failing != nil {
		return got.Failing.NextSteps
	}
	var all []Step
	for _, r := range got.allRungs() {
		for _, f := range r.Findings {
			all = append(all, f.NextSteps...)
		}
	}
	return all
}

// runPrinted runs a printed command in a shell, against the cluster of its plane.
func (s Scenario) runPrinted(ctx context.Context, t *testing.T, printed Step) (string, error) {
	t.Helper()
	kubeconfig := s.Lab.Kubeconfig("")
	if printed.Plane == "prod" && strings.Contains(printed.Role, "data plane") {
		kubeconfig = s.Lab.Kubeconfig("prod")
	}
	programs, err := s.programsDir(t)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", printed.Command)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_CHOREO_CONFIG="+os.DevNull, "PATH="+programs+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// programsDir returns a folder with the programs that printed commands call.
func (s Scenario) programsDir(t *testing.T) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, program := range map[string]string{"kubectl": s.Lab.Binary("kubectl"), "kubectl-choreo": s.Plain, "occ": s.Lab.Binary("occ")} {
		if err := os.Symlink(program, filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("link %s: %w", name, err)
		}
	}
	return dir, nil
}
