package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConfigView(t *testing.T) {
	t.Parallel()
	const file = "environments: [development, staging]\ncolor: never\nplanes:\n- {name: prod, context: prod-cluster}\n- {name: acme/edge, context: edge}\n"
	for name, c := range map[string]struct {
		settings string
		args     []string
		want     [][]string
	}{
		"Nothing": {"", nil, [][]string{{"color", "auto", "default"}, {"environment", "all", "default"}}},
		"File": {file, nil, [][]string{
			{"color", "never", "FILE"},
			{"environment", "development,", "staging", "FILE"},
			{"plane", "acme/edge", "edge", "FILE"},
			{"plane", "prod", "prod-cluster", "FILE"},
		}},
		"Flags": {file, []string{"--color", "auto", "-e", "production", "--plane", "prod=other"}, [][]string{
			{"color", "auto", "--color"},
			{"environment", "production", "--environment"},
			{"plane", "acme/edge", "edge", "FILE"},
			{"plane", "prod", "other", "--plane"},
		}},
		"AllByFlag": {file, []string{"-e", "", "--color", "always"}, [][]string{
			{"color", "always", "--color"},
			{"environment", "all", "--environment"},
			{"plane", "acme/edge", "edge", "FILE"},
			{"plane", "prod", "prod-cluster", "FILE"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := settings(t, c.settings)
			stdout, stderr, exit := runIn(t, environment, append([]string{"config", "view"}, c.args...)...)
			if exit != 0 || stderr != "" {
				t.Fatalf("exit %d: %s", exit, stderr)
			}
			var rows [][]string
			for line := range strings.Lines(stdout) {
				row := strings.Fields(line)
				if strings.HasSuffix(row[len(row)-1], "config.yaml") {
					row[len(row)-1] = "FILE"
				}
				rows = append(rows, row)
			}
			if diff := cmp.Diff(append([][]string{{"NAME", "VALUE", "FROM"}}, c.want...), rows); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSettingsAreDefaults: what the file says counts until a flag says something else.
func TestSettingsAreDefaults(t *testing.T) {
	t.Parallel()
	i := installed(t)
	environment := settings(t, "environments: [staging]\ncolor: always\n")
	for name, c := range map[string]struct {
		args []string
		says []string
		not  []string
	}{
		"File":  {nil, []string{"staging", "\x1b["}, []string{"development  "}},
		"Flags": {[]string{"-e", "development", "--color", "never"}, []string{"development  "}, []string{"\x1b[", "\n  staging"}},
		"All":   {[]string{"-e", ""}, []string{"development", "staging"}, nil},
	} {
		stdout, stderr, _ := i.run(t, environment, append([]string{"trace", "greeter-service"}, c.args...)...)
		if slices.ContainsFunc(c.says, func(words string) bool { return !strings.Contains(stdout, words) }) ||
			slices.ContainsFunc(c.not, func(words string) bool { return strings.Contains(stdout, words) }) {
			t.Errorf("%s: it does not say %q, or says %q:\n%s%s", name, c.says, c.not, stdout, stderr)
		}
	}
}

// TestSettingsLeaveSnapshotsAlone: a file is judged as whoever sent it saw it.
func TestSettingsLeaveSnapshotsAlone(t *testing.T) {
	t.Parallel()
	stdout, _, exit := runIn(t, settings(t, "environments: [nowhere]\n"), "trace", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"))
	if exit != 0 || !strings.Contains(stdout, "staging") {
		t.Errorf("exit %d:\n%s", exit, stdout)
	}
}

// TestSettingsLeaveGatesAlone: what passes on one machine passes on another.
func TestSettingsLeaveGatesAlone(t *testing.T) {
	t.Parallel()
	i := installed(t)
	if stdout, stderr, exit := i.run(t, settings(t, "environments: [nowhere]\n"), "verify", "greeter-service", "--timeout", "0"); exit != 0 {
		t.Errorf("exit %d:\n%s%s", exit, stdout, stderr)
	}
}

// TestBrokenSettings are named with their line by each command that takes anything from them, and in no other's way.
func TestBrokenSettings(t *testing.T) {
	t.Parallel()
	environment := settings(t, "colour: never\n")
	for command, want := range map[string]int{"config view": 1, "trace a": 1, "lint .": 1, "version": 0, "explain StaleNotFound": 0, "completion bash": 0} {
		_, stderr, exit := runIn(t, environment, strings.Fields(command)...)
		if exit != want || (want == 1) != strings.Contains(stderr, `config.yaml: line 3: unknown field "colour"`) {
			t.Errorf("%s: exit %d, want %d: %s", command, exit, want, stderr)
		}
	}
}
