package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestCommandPages: docs/commands and docs/man have a page for each command, as its help has it, and no other.
func TestCommandPages(t *testing.T) {
	t.Setenv("HOME", "~") // which is in the default of --cache-dir
	root := newRoot(iostreams.IOStreams{Args: []string{"kubectl-choreo"}})
	markdown, man := map[string]string{}, map[string]string{}
	for _, cmd := range everyCommand(root) {
		cmd.Long, cmd.DisableAutoGenTag = blocks(cmd.Long), true
		hideShared(cmd)
		markdown[page(cmd.CommandPath())] = markdownOf(t, cmd)
		man[strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = manOf(t, cmd)
	}
	expectFolder(t, "../../docs/commands", markdown)
	expectFolder(t, "../../docs/man", man)
	for name, text := range markdown {
		for _, link := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(text, -1) {
			if markdown[link[1]] == "" {
				t.Errorf("%s links to %s, which is not there", name, link[1])
			}
		}
	}
}

// hideShared leaves out of a page what the help of a command leaves to the command `options`.
func hideShared(cmd *cobra.Command) {
	if cmd.Name() == "options" {
		return
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Hidden = f.Hidden || cmdutil.IsShared(f) })
}

// everyCommand is the command and all below it.
func everyCommand(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		all = append(all, everyCommand(sub)...)
	}
	return all
}

// page is the file of a command, by its path or by the name that cobra gives its page.
func page(path string) string {
	name := strings.TrimSuffix(strings.ReplaceAll(path, "_", " "), ".md")
	if name = strings.TrimPrefix(strings.TrimPrefix(name, "kubectl choreo"), " "); name == "" {
		return "README.md"
	}
	return strings.ReplaceAll(name, " ", "-") + ".md"
}

func markdownOf(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var out bytes.Buffer
	if err := doc.GenMarkdownCustom(cmd, &out, page); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// blocks makes blocks of the indented lines of a help text, which Markdown would run together.
func blocks(text string) string {
	var out []string
	within := false
	for _, line := range strings.Split(text, "\n") {
		if indented := strings.HasPrefix(line, "  "); indented != within {
			within = indented
			out = append(out, "")
		}
		if within {
			line = "  " + line
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// manOf leaves the date out: it would be that of the test.
func manOf(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var out bytes.Buffer
	if err := doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "kubectl-choreo", Date: &time.Time{}}, &out); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(out.String(), "Jan 0001", "", 1)
}

// expectFolder holds files against what they should be; with -update it writes them.
func expectFolder(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	if *update {
		writeFolder(t, folder, want)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(text)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("%s is not current; write it with make golden (-have +want)\n%s", folder, diff)
	}
}

func writeFolder(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
