package manifest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAnchorsOfEarlierDocuments: an anchor ends with its document. Kustomize and the decoder of Kubernetes read each document alone.
func TestAnchorsOfEarlierDocuments(t *testing.T) {
	t.Parallel()
	const first, second = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: &x y}\n---\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n  "
	for name, c := range map[string]struct {
		text string
		want *SyntaxError
	}{
		"SameDocument":  {first + second + "x: &x z\n  y: *x\n", nil},
		"Earlier":       {first + second + "y: *x\n", &SyntaxError{Place{"f.yaml", 10}, "unknown anchor 'x' referenced"}},
		"EarlierInList": {first + second + "y: &l [a, *x]\n", &SyntaxError{Place{"f.yaml", 10}, "unknown anchor 'x' referenced"}},
		"Later":         {second + "y: *x\n---\n" + first, &SyntaxError{Place{"f.yaml", 5}, "unknown anchor 'x' referenced"}},
		"Redefined":     {first + second + "y: *x\n  z: &x a\n", &SyntaxError{Place{"f.yaml", 10}, "unknown anchor 'x' referenced"}},
		"EmptyBefore":   {"---\n---\n" + first + second + "x: y\n", nil},
	} {
		found, err := Parse("f.yaml", []byte(c.text))
		var got *SyntaxError
		errors.As(err, &got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if c.want != nil && name != "Later" && len(found.Documents) != 1 {
			t.Errorf("%s: %d documents, want the one before", name, len(found.Documents))
		}
	}
}
