package compare

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// These represent what is generated from the name of an environment.
const (
	anyEnvironment = "<environment>"
	anyNamespace   = "<namespace>"
)

// labelResourceHash is a hash of rendered objects, which contain the name of the environment (openchoreo v1.2.3
// internal/pipeline/component).
const labelResourceHash = "openchoreo.dev/dp-resource-hash"

// neutral replaces what is generated from the name of an environment: names of objects and namespaces, hostnames and labels.
type neutral struct {
	component  string
	word, cell *regexp.Regexp // the environment as a part of a name, and the namespace of a cell
	names      *strings.Replacer
}

func newNeutral(p *view.Environment) neutral {
	quoted := regexp.QuoteMeta(p.Name)
	n := neutral{
		component: p.ComponentName,
		word:      regexp.MustCompile(`(^|[-.])` + quoted + `($|[-.])`),
		// A cell's namespace is dp, the namespace, the project, the environment and a hash (openchoreo v1.2.3 internal/dataplane/kubernetes).
		cell: regexp.MustCompile(`\b(dp-[a-z0-9-]*-)` + quoted + `-[0-9a-f]{8}\b`),
	}
	known := map[string]string{}
	for _, o := range p.PlaneObjects() {
		if o.Ref.Namespace != "" {
			known[o.Ref.Namespace] = anyNamespace
		}
		if name := n.name(o.Ref.Name); name != o.Ref.Name {
			known[o.Ref.Name] = name
		}
	}
	var pairs []string
	for _, name := range slices.SortedFunc(maps.Keys(known), func(a, b string) int { return len(b) - len(a) }) { // the first that matches wins
		pairs = append(pairs, name, known[name])
	}
	n.names = strings.NewReplacer(pairs...)
	return n
}

// hash ends a generated name.
var hash = regexp.MustCompile(`-[0-9a-f]{8}$`)

// name is the name of a rendered object in any environment. Such a name begins with that of the component, which may be that of an
// environment.
func (n neutral) name(name string) string {
	rest, ours := strings.CutPrefix(name, n.component)
	if !ours {
		return name
	}
	replaced := n.word.ReplaceAllString(rest, "${1}"+anyEnvironment+"${2}")
	if replaced == rest {
		return name
	}
	return n.component + hash.ReplaceAllString(replaced, "")
}

func (n neutral) object(u *unstructured.Unstructured) map[string]any {
	c := maps.Clone(u.Object)
	for _, key := range []string{"apiVersion", "kind", "status"} {
		delete(c, key)
	}
	metadata := map[string]any{}
	for _, key := range []string{"annotations", "labels"} {
		if value := kinds.Fields(kinds.Fields(c, "metadata"), key); len(value) > 0 {
			metadata[key] = value
		}
	}
	if delete(c, "metadata"); len(metadata) > 0 {
		c["metadata"] = metadata
	}
	neutralized, _ := n.value("", c).(map[string]any)
	return neutralized
}

func (n neutral) value(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		fields := make(map[string]any, len(v))
		for name, value := range v {
			switch name {
			case kinds.LabelEnvironment, kinds.LabelEnvironmentUID, labelResourceHash:
			default:
				fields[n.text(name)] = n.value(name, value)
			}
		}
		return fields
	case []any:
		items := make([]any, 0, len(v))
		for _, item := range v {
			items = append(items, n.value(key, item))
		}
		return items
	case string:
		if key == "hostnames" {
			return n.word.ReplaceAllString(v, "${1}"+anyEnvironment+"${2}")
		}
		return n.text(v)
	}
	return v
}

func (n neutral) text(s string) string {
	return n.cell.ReplaceAllString(n.names.Replace(s), "${1}"+anyEnvironment)
}
