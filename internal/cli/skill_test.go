package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const skillDir = "../../skills/openchoreo-verify-and-debug"

// shellBlock is a block of commands; it may be indented in a list.
var shellBlock = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// TestSkill runs every command of the skill on a recorded scenario, in which a container crashes. Each prints its result, with an exit
// code that the skill explains.
func TestSkill(t *testing.T) {
	t.Parallel()
	snapshot, err := filepath.Abs(filepath.Join(scenarioDir, "pod-crash-loop", "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(skillDir, "references", "*.md"))
	if err != nil || len(pages) != 2 {
		t.Fatal(pages, err)
	}
	used := map[string]bool{}
	for _, page := range append(pages, filepath.Join(skillDir, "SKILL.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(block[1]) {
				words := strings.Fields(line)
				if len(words) < 3 || words[0] != "kubectl" || words[1] != "choreo" {
					t.Errorf("%s: %q is no command of this program", page, line)
					continue
				}
				used[words[2]] = true
				runSkill(t, snapshot, words[2:])
			}
		}
	}
	for _, name := range []string{"trace", "status", "explain", "logs", "events", "verify", "lint", "reconcile", "snapshot", "open"} {
		if !used[name] {
			t.Errorf("the skill does not use %s", name)
		}
	}
}

// runSkill runs a command as it is, but for where it reads: the scenario, a repository of the tests, or an API server in memory.
func runSkill(t *testing.T, snapshot string, args []string) {
	t.Helper()
	wantCodes, args := []int{0}, slices.Clone(args)
	switch args[0] {
	case "trace", "verify":
		args, wantCodes = append(args, "--snapshot", snapshot), []int{2}
	case "status", "events", "open":
		args = append(args, "--snapshot", snapshot)
	case "logs":
		args, wantCodes = append(args, "--snapshot", snapshot), []int{0, 4}
	case "snapshot":
		args[slices.Index(args, "case.yaml")] = filepath.Join(t.TempDir(), "case.yaml")
		args = append(args, "--snapshot", snapshot)
	case "lint":
		args[1], wantCodes = "../../testdata/lint/faults", []int{2}
	case "reconcile":
		c := oneCluster(t, "kustomization-suspended", nil)
		args, wantCodes = append(args, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-n", "kustomization-suspended"), []int{2, 4}
	}
	stdout, stderr, exit := runIn(t, nil, args...)
	if !slices.Contains(wantCodes, exit) || stdout == "" && args[0] != "snapshot" {
		t.Errorf("%s: exit code %d, want one of %v\nstdout: %s\nstderr: %s", strings.Join(args, " "), exit, wantCodes, stdout, stderr)
	}
}

// TestSkillHead: the head of the skill is what clients read before anything else (agentskills.io/specification).
func TestSkillHead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(skillDir, "SKILL.md"))
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`\A---\nname: ([a-z0-9-]{1,64})\ndescription: (.+)\n---\n`).FindStringSubmatch(string(text))
	if head == nil || head[1] != filepath.Base(skillDir) || len(head[2]) > 1024 {
		t.Fatalf("the head is %.200q", text)
	}
	if lines := strings.Count(string(text), "\n"); lines > 500 {
		t.Errorf("%d lines, more than 500", lines)
	}
	for _, link := range regexp.MustCompile(`\]\((references/[^)]*)\)`).FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat(filepath.Join(skillDir, link[1])); err != nil {
			t.Error(err)
		}
	}
}
