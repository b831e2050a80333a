package snapshotfile

import (
	"errors"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// compactItem returns "namespace/name", or "name", for an item with its query's plane, group and kind. ok is false for any other
// item, and for a name that would be ambiguous in this form.
func compactItem(item facts.Ref, q facts.Query) (short string, ok bool) {
	short = item.Name
	if item.Namespace != "" {
		short = item.Namespace + "/" + item.Name
	}
	again, err := expandItem(short, q)
	return short, err == nil && again == item
}

// expandItem parses an item in either form.
func expandItem(item any, q facts.Query) (facts.Ref, error) {
	short, ok := item.(string)
	if !ok {
		var ref facts.Ref
		err := convert(item, &ref)
		return ref, err
	}
	namespace, name, ok := strings.Cut(short, "/")
	if !ok {
		namespace, name = "", short
	}
	if name == "" {
		return facts.Ref{}, errors.New("an item without a name")
	}
	return facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: namespace, Name: name}, nil
}
