package gitrev

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxFields bounds the fields of one object that are kept, and maxValue the characters of a value.
const (
	maxFields = 5
	maxValue  = 120
)

// readChanges finds what each commit changed in the objects of the component, by the files before and after it.
func (c clone) readChanges(subject facts.Subject, commits []facts.Commit, touched map[string][]string) {
	var names []string
	for _, one := range commits {
		for _, file := range touched[one.ID] {
			if !strings.Contains(file, "\n") {
				names = append(names, one.ID+":"+file, one.ID+"^:"+file)
			}
		}
	}
	texts := c.objects(names)
	for i := range commits {
		one := &commits[i]
		for _, file := range touched[one.ID] {
			before, after := objectsIn(texts[one.ID+"^:"+file], subject), objectsIn(texts[one.ID+":"+file], subject)
			one.Changes = append(one.Changes, changesOf(file, before, after)...)
		}
		one.Changes = withoutMoves(one.Changes)
		slices.SortStableFunc(one.Changes, func(a, b facts.ObjectChange) int { return a.Object.Compare(b.Object) })
	}
}

// withoutMoves removes objects that a commit has only moved from one file to another.
func withoutMoves(all []facts.ObjectChange) []facts.ObjectChange {
	return slices.DeleteFunc(all, func(one facts.ObjectChange) bool {
		return (one.Added || one.Removed) && slices.ContainsFunc(all, func(other facts.ObjectChange) bool {
			return other.Object == one.Object && (other.Added && one.Removed || other.Removed && one.Added)
		})
	})
}

func changesOf(file string, before, after map[facts.Ref]map[string]any) []facts.ObjectChange {
	var all []facts.ObjectChange
	for ref, object := range after {
		change := facts.ObjectChange{
			Object: ref, File: file, Environment: text(object, "spec", "environment"), Release: text(object, "spec", "releaseName"),
			Image: cmp.Or(text(object, "spec", "container", "image"), text(object, "spec", "workload", "container", "image")),
		}
		former, existed := before[ref]
		switch {
		case !existed:
			change.Added = true
		case reflect.DeepEqual(former, object):
			continue
		default:
			change.Fields = fieldChanges(former, object)
			change.More = max(0, len(change.Fields)-maxFields)
			change.Fields = change.Fields[:min(len(change.Fields), maxFields)]
		}
		all = append(all, change)
	}
	for ref, object := range before {
		if _, remains := after[ref]; !remains {
			all = append(all, facts.ObjectChange{Object: ref, File: file, Removed: true, Environment: text(object, "spec", "environment")})
		}
	}
	return all
}

// fieldChanges compares two versions of an object field by field. A value that a snapshot would mask is not shown.
func fieldChanges(before, after map[string]any) []facts.FieldChange {
	masker := mask.New(false, false)
	was, is := leavesOf(masked(masker, before)), leavesOf(masked(masker, after))
	var all []facts.FieldChange
	for path := range is {
		if was[path] != is[path] {
			all = append(all, facts.FieldChange{Path: path, Old: shown(was[path]), New: shown(is[path])})
		}
	}
	for path := range was {
		if _, remains := is[path]; !remains {
			all = append(all, facts.FieldChange{Path: path, Old: shown(was[path])})
		}
	}
	for i, f := range all {
		if strings.Contains(was[f.Path]+is[f.Path], mask.Token) {
			all[i].Old, all[i].New = "", ""
		}
	}
	slices.SortFunc(all, func(a, b facts.FieldChange) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// masked returns an object with the values masked that a snapshot masks. What cannot be masked is not compared.
func masked(m *mask.Masker, object map[string]any) map[string]any {
	data, err := json.Marshal(object)
	if err != nil {
		return nil
	}
	var plain map[string]any
	if json.Unmarshal(data, &plain) != nil {
		return nil
	}
	hidden, err := m.Body(plain)
	if err != nil {
		return nil
	}
	return hidden
}

// leavesOf returns the scalars of an object by their paths.
func leavesOf(object map[string]any) map[string]string {
	found := map[string]string{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(strings.TrimPrefix(path+"."+key, "."), v[key])
			}
		case []any:
			for i, item := range v {
				walk(path+entryOf(item, i), item)
			}
		case nil:
		case float64:
			found[path] = strconv.FormatFloat(v, 'f', -1, 64)
		default:
			found[path] = fmt.Sprint(v)
		}
	}
	walk("", object)
	return found
}

// entryOf names an entry of a list by its key or name, as people do; else by its number.
func entryOf(item any, i int) string {
	fields, _ := item.(map[string]any)
	for _, key := range []string{"name", "key"} {
		if name, ok := fields[key].(string); ok {
			return "[" + name + "]"
		}
	}
	return fmt.Sprintf("[%d]", i)
}

// shown shortens a value.
func shown(value string) string {
	if runes := []rune(value); len(runes) > maxValue {
		return string(runes[:maxValue-1]) + "…"
	}
	return value
}
