package gitrev

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// filesOf lists the YAML files of the head that have an object of the component.
func (c clone) filesOf(o HistoryOptions) ([]string, error) {
	if _, err := c.git("cat-file", "-e", o.Head+"^{commit}"); err != nil {
		return nil, fmt.Errorf("the clone in %s does not have commit %s: run git fetch", c.dir, facts.Short(o.Head))
	}
	out, err := c.git("grep", "-l", "-z", "-E", "--full-name", "--no-color", "--no-recurse-submodules",
		"-e", fieldPattern("componentName", o.Subject.Component), "-e", fieldPattern("name", o.Subject.Component),
		o.Head, "--", ":(top)*.yaml", ":(top)*.yml")
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed) && failed.ExitCode() == 1: // no file has it
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("cannot search the files of commit %s: %w", facts.Short(o.Head), cmp.Or(c.refusal(err), err))
	}
	named := slices.DeleteFunc(zeroed([]byte(out)), func(name string) bool { return strings.Contains(name, "\n") })
	slices.Sort(named)
	if len(named) > maxFiles {
		return nil, fmt.Errorf("more than %d files name component %s", maxFiles, o.Subject.Component)
	}
	texts := c.objects(named)
	holds := map[facts.Ref][]string{}
	for _, name := range named {
		file := strings.TrimPrefix(name, o.Head+":")
		for ref := range objectsIn(texts[name], o.Subject) {
			holds[ref] = append(holds[ref], file)
		}
	}
	var files []string
	for _, all := range holds {
		files = append(files, belowFolders(all, o.Folders)...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// belowFolders prefers files below folders that are applied to the cluster: a repository may have one component for several clusters.
func belowFolders(files, folders []string) []string {
	var below []string
	for _, file := range files {
		if slices.ContainsFunc(folders, func(folder string) bool {
			folder = strings.TrimPrefix(path.Clean("/"+folder), "/")
			return folder == "" || strings.HasPrefix(file, folder+"/")
		}) {
			below = append(below, file)
		}
	}
	if len(below) == 0 {
		return files
	}
	return below
}

// objectsIn returns the objects of a component in a file. It does not read beyond a syntax error.
func objectsIn(text []byte, subject facts.Subject) map[facts.Ref]map[string]any {
	found := map[facts.Ref]map[string]any{}
	if len(text) > maxManifest {
		return found
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	for {
		var object map[string]any
		var wrongType *yaml.TypeError
		switch err := decoder.Decode(&object); {
		case errors.Is(err, io.EOF):
			return found
		case errors.As(err, &wrongType):
			continue
		case err != nil:
			return found
		}
		if ref, ok := refOf(object, subject); ok {
			found[ref] = object
		}
	}
}

// refOf returns the reference of an object of the component. A manifest may omit the namespace, because the Kustomization may set it.
func refOf(object map[string]any, subject facts.Subject) (facts.Ref, bool) {
	group, _, grouped := strings.Cut(text(object, "apiVersion"), "/")
	ref := facts.Ref{
		Plane: facts.Control, Group: group, Kind: text(object, "kind"),
		Namespace: text(object, "metadata", "namespace"), Name: text(object, "metadata", "name"),
	}
	if !grouped || ref.Kind == "" || ref.Name == "" || ref.Namespace != "" && ref.Namespace != subject.Namespace {
		return ref, false
	}
	ref.Namespace = subject.Namespace
	if project := text(object, "spec", "owner", "projectName"); project != "" && subject.Project != "" && project != subject.Project {
		return ref, false
	}
	if ref.Kind == "Component" {
		return ref, ref.Name == subject.Component
	}
	return ref, text(object, "spec", "owner", "componentName") == subject.Component
}

// text reads a text at a path of an object; "" if there is none.
func text(object map[string]any, path ...string) string {
	var value any = object
	for _, key := range path {
		fields, _ := value.(map[string]any)
		value = fields[key]
	}
	s, _ := value.(string)
	return s
}
