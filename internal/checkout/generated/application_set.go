package generated

import (
	"maps"
	"path"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// fromApplicationSet returns the Applications of the generators list, git and matrix (argo-cd v3
// pkg/apis/application/v1alpha1/applicationset_types.go). A git generator is taken to read this repository.
func fromApplicationSet(u *unstructured.Unstructured, t *tree.Tree) []*unstructured.Unstructured {
	fields := kinds.Fields(u.Object, "spec", "template")
	if fields == nil {
		return nil
	}
	template := maps.Clone(fields)
	template["apiVersion"], template["kind"] = u.GetAPIVersion(), "Application"
	text, err := yaml.Marshal(template)
	if err != nil {
		return nil
	}
	g := generators{tree: t, goTemplate: kinds.Bool(u, "spec", "goTemplate")}
	var all []*unstructured.Unstructured
	for _, parameters := range g.all(kinds.Items(u, "spec", "generators"), maxDepth) {
		if made, ok := g.render(string(text), parameters); ok {
			made.SetNamespace(u.GetNamespace())
			all = append(all, made)
		}
	}
	return all
}

// generators produce the parameters of an ApplicationSet.
type generators struct {
	tree       *tree.Tree
	goTemplate bool
}

func (g generators) all(list []map[string]any, depth int) []map[string]any {
	var all []map[string]any
	for _, generator := range list {
		all = append(all, g.of(generator, depth)...)
	}
	return all
}

func (g generators) of(generator map[string]any, depth int) []map[string]any {
	if depth == 0 {
		return nil
	}
	if list := kinds.Fields(generator, "list"); list != nil {
		return items(list, "elements")
	}
	if git := kinds.Fields(generator, "git"); git != nil {
		return append(g.folders(items(git, "directories")), g.files(items(git, "files"))...)
	}
	if matrix := kinds.Fields(generator, "matrix"); matrix != nil {
		return g.matrix(items(matrix, "generators"), depth)
	}
	return nil // a cluster, a pull request, or another service
}

func items(of map[string]any, field string) []map[string]any {
	return kinds.Items(&unstructured.Unstructured{Object: of}, field)
}

// matrix combines each result of one generator with each of the other.
func (g generators) matrix(two []map[string]any, depth int) []map[string]any {
	if len(two) != 2 {
		return nil
	}
	var all []map[string]any
	for _, a := range g.of(two[0], depth-1) {
		for _, b := range g.of(two[1], depth-1) {
			both := maps.Clone(a)
			maps.Copy(both, b)
			if all = append(all, both); len(all) == maxObjects {
				return all
			}
		}
	}
	return all
}

// folders returns the parameters of all folders that match. Argo CD skips folders that begin with a dot (argo-cd v3
// reposerver/repository/repository.go).
func (g generators) folders(entries []map[string]any) []map[string]any {
	var all []map[string]any
	for _, folder := range g.tree.Folders() {
		isHidden := strings.Contains("/"+folder, "/.")
		if !isHidden && included(entries, func(pattern string) bool { matches, _ := path.Match(path.Clean(pattern), folder); return matches }) {
			all = append(all, g.parametersOf(folder, ""))
		}
	}
	return all
}

// files returns the objects in each file that matches, with the parameters of its folder.
func (g generators) files(entries []map[string]any) []map[string]any {
	var all []map[string]any
	for _, name := range g.tree.Names {
		if !included(entries, func(pattern string) bool { return matchesDeep(pattern, name) }) {
			continue
		}
		for _, content := range contents(g.tree.Files[name]) {
			parameters := map[string]any{}
			maps.Copy(parameters, content)
			maps.Copy(parameters, g.parametersOf(path.Dir(name), path.Base(name)))
			all = append(all, parameters)
		}
	}
	return all
}

// included reports whether an entry matches, and no entry with exclude does, wherever that is in the list.
func included(entries []map[string]any, matches func(pattern string) bool) bool {
	is, excluded := false, false
	for _, entry := range entries {
		if matches(kinds.String(entry, "path")) {
			exclude, _ := entry["exclude"].(bool)
			is, excluded = is || !exclude, excluded || exclude
		}
	}
	return is && !excluded
}

// contents decodes a file with an object, or with a list of objects; nil if it has neither.
func contents(text []byte) (several []map[string]any) {
	var one map[string]any
	if yaml.Unmarshal(text, &one) == nil {
		return []map[string]any{one}
	}
	if yaml.Unmarshal(text, &several) != nil {
		return nil
	}
	return several[:min(len(several), maxObjects)]
}

// matchesDeep matches a pattern in which ** represents any folders.
func matchesDeep(pattern, name string) bool {
	before, after, deep := strings.Cut(path.Clean(pattern), "**/")
	if !deep {
		matches, _ := path.Match(before, name)
		return matches
	}
	rest, below := strings.CutPrefix(name, before)
	for ; below && rest != ""; _, rest, _ = strings.Cut(rest, "/") {
		if matches, _ := path.Match(after, rest); matches {
			return true
		}
	}
	return false
}

// parametersOf returns what a git generator reports about a folder and a file.
func (g generators) parametersOf(folder, file string) map[string]any {
	segments := strings.Split(folder, "/")
	if g.goTemplate {
		values := make([]any, len(segments))
		for i, s := range segments {
			values[i] = s
		}
		return map[string]any{"path": map[string]any{"path": folder, "basename": path.Base(folder), "basenameNormalized": normalized(path.Base(folder)), "filename": file, "filenameNormalized": normalized(file), "segments": values}}
	}
	parameters := map[string]any{"path": folder, "path.basename": path.Base(folder), "path.basenameNormalized": normalized(path.Base(folder)), "path.filename": file, "path.filenameNormalized": normalized(file)}
	for i, s := range segments {
		parameters["path["+strconv.Itoa(i)+"]"] = s
	}
	return parameters
}

// notOfAName matches a character that the name of an object cannot contain.
var notOfAName = regexp.MustCompile("[^-a-z0-9.]")

// normalized returns the name of a folder or file as a name of an object (argo-cd v3 applicationset/utils/utils.go, SanitizeName).
func normalized(name string) string {
	name = notOfAName.ReplaceAllString(strings.ToLower(name), "-")
	return strings.Trim(name[:min(len(name), 253)], "-.")
}

// parameter is a placeholder of a template without goTemplate.
var parameter = regexp.MustCompile(`\{\{ *([^{} ]+) *\}\}`)

// render renders one Application; false if a parameter is not known.
func (g generators) render(text string, parameters map[string]any) (*unstructured.Unstructured, bool) {
	if g.goTemplate {
		out, err := applicationSetLanguage().render(text, parameters)
		if err != nil {
			return nil, false
		}
		return decode(out)
	}
	known := true
	out := parameter.ReplaceAllStringFunc(text, func(placeholder string) string {
		value, ok := lookUp(parameters, parameter.FindStringSubmatch(placeholder)[1])
		known = known && ok
		return value
	})
	if !known {
		return nil, false
	}
	return decode([]byte(out))
}

// lookUp finds a parameter by its name, or by its path into the content of a file.
func lookUp(parameters map[string]any, name string) (string, bool) {
	if value, ok := parameters[name].(string); ok {
		return value, true
	}
	value, found, err := unstructured.NestedFieldNoCopy(parameters, strings.Split(name, ".")...)
	if err != nil || !found {
		return "", false
	}
	if text, ok := value.(string); ok {
		return text, true
	}
	text, err := yaml.Marshal(value)
	return strings.TrimSpace(string(text)), err == nil
}
