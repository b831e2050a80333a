package command

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"POD": "a", "NAMESPACE": "b", "FLAG": "--all", "TWO": "a b", "QUOTE": "a'b", "EMPTY": "", "NAME": "POD",
	}
	for line, want := range map[string]string{
		"kubectl logs POD -n NAMESPACE":                 "kubectl logs a -n b",
		"kubectl create job NAME-test --from=x/NAME":    "kubectl create job POD-test --from=x/POD",
		"kubectl get OBJECT_NAMESPACE":                  "",
		"kubectl get POD_":                              "",
		"kubectl get EMPTY":                             "",
		"kubectl get FLAG":                              "",
		"kubectl get --x=FLAG":                          "kubectl get --x=--all",
		"kubectl get TWO":                               "kubectl get 'a b'",
		"kubectl get QUOTE":                             "",
		"kubectl get POD -o jsonpath='{.a}{\" \"}{.b}'": "kubectl get a -o jsonpath='{.a}{\" \"}{.b}'",
		"kubectl get -l 'a=POD'":                        "kubectl get -l 'a=a'",
		"kubectl get -l 'a=TWO'":                        "",
		"kubectl get -o custom-columns=A:.b[*].c":       "kubectl get -o 'custom-columns=A:.b[*].c'",
		"git log \"$(git rev-parse HEAD)\" POD":         "git log \"$(git rev-parse HEAD)\" a",
	} {
		if diff := cmp.Diff(want, Fill(line, values)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", line, diff)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	want := []string{"a", `-o='b "c'`, `"d 'e"f`}
	if diff := cmp.Diff(want, Words(`a  -o='b "c' "d 'e"f `)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
