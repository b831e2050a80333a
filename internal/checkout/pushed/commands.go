package pushed

import (
	"path"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// Commands are the commands of scripts, Makefiles and workflows that name an artifact together with a folder of the repository.
type Commands struct {
	folders map[string]string // by the name of the artifact; tree.NoFolder if there are several
}

var (
	// push matches the commands that build an artifact of a folder (flux2 v2.7 cmd/flux/push_artifact.go and build_artifact.go).
	push = regexp.MustCompile(`\b(push|build)[ \t]+artifact\b|\boras[ \t]+push\b`)
	// assignment matches a variable of a shell, a Makefile or the env of a workflow.
	assignment = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]*[:?]?=[ \t]*|:[ \t]+)["']?([^\s"'$;#]+)["']?[ \t]*$`)
	variable   = regexp.MustCompile(`\$(\{\{(env\.)?[A-Za-z_]\w*\}\}|\{[A-Za-z_]\w*\}|\([A-Za-z_]\w*\)|[A-Za-z_]\w*)`)
	// spaced matches the spaces in a variable of a workflow, such as ${{ env.ROOT }}.
	spaced = regexp.MustCompile(`\$\{\{ +([\w.]+) +\}\}`)
	// artifact matches the last segment of the address of an artifact.
	artifact = regexp.MustCompile(`/([A-Za-z0-9][\w.-]*)(?:[:@"'\s]|$)`)
	// pathFlag matches the flag of flux push artifact for the folder.
	pathFlag = regexp.MustCompile(`(?:^|\s)(?:--path|-f)(?:=|\s+)(\S+)`)
)

// maxWord is the length of the longest word and of the longest value in which variables are replaced.
const maxWord = 256

// CommandsIn reads the commands of a repository. Those of workflows are in files that source-controller leaves out of the artifact.
func CommandsIn(t *tree.Tree) Commands {
	c := Commands{folders: map[string]string{}}
	for _, files := range []map[string][]byte{t.Files, t.Excluded} {
		for _, text := range files {
			if push.Match(text) {
				c.read(t, spaced.ReplaceAllString(strings.ReplaceAll(string(text), "\\\n", " "), "$${{$1}}"))
			}
		}
	}
	return c
}

// Folder returns the folder from which an artifact is pushed; false if no command names it, or several folders.
func (c Commands) Folder(url string) (string, bool) {
	folder, found := c.folders[path.Base(url)]
	return folder, found && folder != tree.NoFolder
}

func (c Commands) read(t *tree.Tree, text string) {
	values := map[string]string{}
	for _, m := range assignment.FindAllStringSubmatch(text, -1) {
		values[m[1]] = m[2]
	}
	for line := range strings.Lines(text) {
		folder, found := folderIn(t, line, values)
		if !found {
			continue
		}
		for _, m := range artifact.FindAllStringSubmatch(line, -1) {
			if before, again := c.folders[m[1]]; again && before != folder {
				folder = tree.NoFolder
			}
			c.folders[m[1]] = folder
		}
	}
}

// folderIn returns the only folder of the repository that a command names, by its flag or as an argument of a function of the script.
func folderIn(t *tree.Tree, line string, values map[string]string) (folder string, found bool) {
	if m := pathFlag.FindStringSubmatch(line); m != nil {
		folder = tree.Clean(expand(strings.Trim(m[1], `"'`), values))
		return folder, t.HasFolder(folder)
	}
	for _, word := range strings.Fields(line) {
		word = expand(strings.Trim(word, `"',;)`), values)
		if each := tree.Clean(word); each != "." && t.HasFolder(each) {
			if found && each != folder {
				return "", false
			}
			folder, found = each, true
		}
	}
	return folder, found
}

// expand replaces the variables of a word.
func expand(word string, values map[string]string) string {
	if len(word) > maxWord {
		return word
	}
	return variable.ReplaceAllStringFunc(word, func(ref string) string {
		name := strings.Trim(ref, "${}()")
		if value, known := values[strings.TrimPrefix(name, "env.")]; known && len(value) <= maxWord {
			return value
		}
		return ref
	})
}
