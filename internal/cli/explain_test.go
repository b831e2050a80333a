package cli

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, code := range findings.Codes() {
		out, exit := run(t, "explain", strings.ToLower(code))
		if exit != 0 || !strings.HasPrefix(out, code+"\n") || !strings.Contains(out, "\nFix\n") || strings.Contains(out, "\n#") {
			t.Errorf("explain %s: exit %d\n%s", code, exit, out)
		}
	}
}

func TestExplainAnswersToAnOldName(t *testing.T) {
	t.Parallel()
	for old, renamed := range findings.Renamed() {
		if out, exit := run(t, "explain", strings.ToLower(old)); exit != 0 || !strings.HasPrefix(out, renamed+"\n") {
			t.Errorf("explain %s: exit %d\n%s", old, exit, out)
		}
	}
}

func TestExplainWrapsProseInAPipe(t *testing.T) {
	t.Parallel()
	stdout, _, _ := runIn(t, nil, "explain", "StaleNotFound")
	if !strings.Contains(stdout, "as not found, but\n  the object exists now. Rung: binding.\n") {
		t.Errorf("not wrapped at 80 columns:\n%s", stdout)
	}
}

func TestExplainListsAll(t *testing.T) {
	t.Parallel()
	stdout, _, exit := runIn(t, nil, "explain")
	if exit != 0 {
		t.Errorf("exit %d", exit)
	}
	at := 0
	for _, e := range findings.Entries() {
		next := strings.Index(stdout[at:], "\n  "+e.Code+" ")
		if next < 0 {
			t.Fatalf("%s is not listed, or not below rung %s:\n%s", e.Code, e.Rung, stdout)
		}
		at += next
	}
	if !strings.Contains(stdout, "\npod\n  ContainerConfigError ") {
		t.Errorf("not grouped by rung:\n%s", stdout)
	}
}

func TestExplainUnknownCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"StalNotFound": "error: unknown finding code \"StalNotFound\"; did you mean StaleNotFound, ",
		"README":       "error: unknown finding code \"README\"; to list all, run kubectl choreo explain\n",
		"../codes":     "error: unknown finding code \"../codes\"; to list all, run kubectl choreo explain\n",
	} {
		stdout, stderr, exit := runIn(t, nil, "explain", code)
		if exit != 1 || stdout != "" || !strings.HasPrefix(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("exit %d, want 1 and one line %q\nstdout: %s\nstderr: %s", exit, want, stdout, stderr)
		}
	}
}
