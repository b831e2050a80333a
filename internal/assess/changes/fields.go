package changes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	maxFields = 5 // that are kept
	maxShown  = 2 // that the message names
)

// templateChanges are the fields in which the containers of two pod templates differ, and the other fields of their pods. The value of an
// image or of a resource is shown; that of another field may be confidential.
func templateChanges(from, to facts.Object) []facts.FieldChange {
	path := []string{"spec", "template", "spec"}
	was, is := view.Nested(from, path...), view.Nested(to, path...)
	var all []facts.FieldChange
	for _, list := range []string{"initContainers", "containers"} {
		all = append(all, listChanges(list, was[list], is[list])...)
	}
	for _, f := range drift.Between("", without(was), without(is)) {
		all = append(all, facts.FieldChange{Path: f.Path})
	}
	// What people change most comes first.
	slices.SortStableFunc(all, func(x, y facts.FieldChange) int { return rank(x.Path) - rank(y.Path) })
	return all
}

// without leaves out what is compared entry by entry.
func without(spec map[string]any) map[string]any {
	rest := map[string]any{}
	for key, value := range spec {
		if key != "initContainers" && key != "containers" {
			rest[key] = value
		}
	}
	return rest
}

// listChanges compares lists whose entries have names.
func listChanges(path string, from, to any) []facts.FieldChange {
	was, is := byName(from), byName(to)
	var all []facts.FieldChange
	for _, name := range sortedKeys(was, is) {
		at := path + "[" + name + "]"
		old, existed := was[name]
		now, exists := is[name]
		if !existed || !exists {
			all = append(all, facts.FieldChange{Path: at})
			continue
		}
		all = append(all, entryChanges(at, old, now)...)
	}
	return all
}

// entryChanges compares two containers, or two entries of a list of theirs.
func entryChanges(path string, from, to map[string]any) []facts.FieldChange {
	var all []facts.FieldChange
	rest, now := map[string]any{}, map[string]any{}
	for _, key := range sortedKeys(from, to) {
		if key == "env" {
			all = append(all, envChanges(path+".env", from[key], to[key])...)
			continue
		}
		rest[key], now[key] = from[key], to[key]
	}
	for _, f := range drift.Between(path, rest, now) {
		change := facts.FieldChange{Path: f.Path}
		if below := strings.TrimPrefix(f.Path, path); below == ".image" || strings.HasPrefix(below, ".resources.") {
			change.Old, change.New = text(f.Live), text(f.Declared)
		}
		all = append(all, change)
	}
	return all
}

// envChanges names the variables that differ, and never their values.
func envChanges(path string, from, to any) []facts.FieldChange {
	var all []facts.FieldChange
	was, is := byName(from), byName(to)
	for _, name := range sortedKeys(was, is) {
		if len(drift.Between("", asAny(was[name]), asAny(is[name]))) > 0 {
			all = append(all, facts.FieldChange{Path: path + "[" + name + "]"})
		}
	}
	return all
}

// asAny keeps a missing entry apart from an empty one.
func asAny(entry map[string]any) any {
	if entry == nil {
		return nil
	}
	return entry
}

func byName(list any) map[string]map[string]any {
	entries, _ := list.([]any)
	found := map[string]map[string]any{}
	for _, entry := range entries {
		fields, _ := entry.(map[string]any)
		found[kinds.String(fields, "name")] = fields
	}
	return found
}

func sortedKeys[V any](a, b map[string]V) []string {
	var keys []string
	for key := range a {
		keys = append(keys, key)
	}
	for key := range b {
		if _, has := a[key]; !has {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func rank(path string) int {
	switch {
	case strings.HasSuffix(path, ".image"):
		return 0
	case strings.Contains(path, ".env["):
		return 1
	}
	return 2
}

// words names the first fields of a change, with their values if they are shown.
func words(fields []facts.FieldChange, more int) string {
	var all []string
	for _, f := range fields[:min(len(fields), maxShown)] {
		was, is := f.Old, f.New
		if short, now := trace.ImageName(was), trace.ImageName(is); isImage(f.Path) && short != now {
			was, is = short, now
		}
		switch path := pathWords(f.Path); {
		case was != "" && is != "":
			all = append(all, fmt.Sprintf("%s %s → %s", path, was, is))
		case is != "":
			all = append(all, path+" "+is)
		default:
			all = append(all, path)
		}
	}
	if more += len(fields) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, ", ")
}

func isImage(path string) bool { return path == "image" || strings.HasSuffix(path, ".image") }

// pathWords is the path of a field; of a container, what differs comes first.
func pathWords(path string) string {
	_, rest, found := strings.Cut(path, "ontainers[")
	name, field, below := strings.Cut(rest, "].")
	if !found || !below {
		return path
	}
	return field + " of container " + name
}
