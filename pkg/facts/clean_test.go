package facts

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestClean(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"Nothing":    {`{"kind":"A"}`, `{"kind":"A"}`},
		"OnlyThose":  {`{"metadata":{"managedFields":[{}],"annotations":{"` + lastApplied + `":"{}"}}}`, `{"metadata":{}}`},
		"KeepOthers": {`{"metadata":{"name":"a","annotations":{"b":"c","` + lastApplied + `":"{}"}}}`, `{"metadata":{"name":"a","annotations":{"b":"c"}}}`},
		"WrongTypes": {`{"metadata":{"annotations":[]}}`, `{"metadata":{"annotations":[]}}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got, want map[string]any
			if err := errors.Join(json.Unmarshal([]byte(tc.in), &got), json.Unmarshal([]byte(tc.want), &want)); err != nil {
				t.Fatal(err)
			}
			Clean(&unstructured.Unstructured{Object: got})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Clean(…): -want, +got:\n%s", diff)
			}
		})
	}
	Clean(nil)
	Clean(&unstructured.Unstructured{})
}
