package printers

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// command is a workflow command as the runner reads it (actions/runner src/Runner.Common/ActionCommand.cs, TryParseV2): a
// line that begins with "::", up to the next "::" the name and its properties, and behind that the data.
type workflowCommand struct {
	name       string
	properties map[string]string
	data       string
}

func readCommand(t *testing.T, line string) workflowCommand {
	t.Helper()
	rest, found := strings.CutPrefix(line, "::")
	info, data, ends := strings.Cut(rest, "::")
	if !found || !ends {
		t.Fatalf("%q is no command", line)
	}
	name, properties, _ := strings.Cut(info, " ")
	c := workflowCommand{name: name, properties: map[string]string{}, data: strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)}
	for _, pair := range strings.Split(strings.TrimSpace(properties), ",") {
		key, value, _ := strings.Cut(pair, "=")
		c.properties[key] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
	}
	return c
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := GitHub(&out, remarks()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want one for each remark:\n%s", len(lines), out.String())
	}
	var names []string
	for _, line := range lines {
		names = append(names, readCommand(t, line).name)
	}
	if diff := cmp.Diff([]string{"error", "warning", "notice", "error"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	first := readCommand(t, lines[0])
	want := map[string]string{"file": "apps/a b,c:d.yaml", "line": "7", "title": "KustomizationBuildFailed (40 components)"}
	if diff := cmp.Diff(want, first.properties); diff != "" {
		t.Errorf("properties (-want +got)\n%s", diff)
	}
	if !strings.Contains(first.data, "%0A::error::x, a=1\n::stop-commands::t\n# title") {
		t.Errorf("the data is %q", first.data)
	}
	if second := readCommand(t, lines[1]); len(second.properties) != 2 || !strings.Contains(second.properties["title"], "http://evil") {
		t.Errorf("properties %q", second.properties)
	}
}

func TestGitHubOfAReport(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(string(printed(t, report(), "github")), "\n"), "\n")
	if len(lines) != 1 {
		t.Fatalf("%d annotations, want one for one cause", len(lines))
	}
	if got := readCommand(t, lines[0]).properties; got["file"] != "apps/deep/a.yaml" || got["line"] != "12" {
		t.Errorf("properties %v", got)
	}
}
