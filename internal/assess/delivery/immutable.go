package delivery

import (
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// immutableInGit is what a refused change of a file means where the field is not known.
const immutableInGit = "the field is immutable: revert the change in Git, or commit a new object with another name"

// immutableField is the field in the response of an API server (Kubernetes v1.36 apimachinery pkg/util/validation/field).
var immutableField = regexp.MustCompile(`\b(spec(?:\.[A-Za-z0-9]+)+)(?:: Invalid value: .*)? is immutable\b`)

// RefusalOf is Refusal for an object that is known. It names an immutable field, and its value in the cluster.
func RefusalOf(v *view.Component, object facts.Ref, message string, by By) string {
	why := Refusal(message, by)
	field := immutableField.FindStringSubmatch(message)
	if why != immutableInGit || field == nil {
		return why
	}
	revert := "revert the change in Git"
	if value := liveValue(v.Object(withGroup(v, object)), field[1]); value != "" {
		revert = fmt.Sprintf("set it to %s in Git", value)
	}
	return fmt.Sprintf("%s is immutable: %s, or commit a new %s with another name", field[1], revert, object.Kind)
}

// withGroup adds the API group to a name from a message of kustomize-controller, which does not have it.
func withGroup(v *view.Component, object facts.Ref) facts.Ref {
	for _, ref := range declared(v) {
		if object.Group == "" && ref.Kind == object.Kind && ref.Namespace == object.Namespace && ref.Name == object.Name {
			return ref
		}
	}
	return object
}

// liveValue is the value of a field in the cluster; "" if it is none that fits in a sentence.
func liveValue(o facts.Object, field string) string {
	if o.Outcome != facts.Found {
		return ""
	}
	value, found, err := unstructured.NestedFieldNoCopy(o.Body.Object, strings.Split(field, ".")...)
	if !found || err != nil {
		return ""
	}
	switch value.(type) {
	case string, bool, int64:
		return fmt.Sprint(value)
	}
	return ""
}
