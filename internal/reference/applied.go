package reference

import (
	"errors"
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// rbacGroup is the group whose names may have colons and capitals, such as system:node.
const rbacGroup = "rbac.authorization.k8s.io"

var rbacName = regexp.MustCompile(`^[A-Za-z0-9]([-.:_A-Za-z0-9]{0,251}[A-Za-z0-9])?$`)

// Applied returns an error unless an object of that kind may be sent to an API server as a dry-run. Group, version and plural may
// come from a file. A Secret may never be sent.
func Applied(kind kinds.Kind, namespace, object string) error {
	if kind.Group == kinds.Core && (kind.Kind == "Secret" || kind.Plural == "secrets") {
		return errors.New("a Secret is never sent")
	}
	if kind.Group != kinds.Core {
		if err := problem("API group", kind.Group, validation.IsDNS1123Subdomain(kind.Group)); err != nil {
			return err
		}
	}
	if err := errors.Join(problem("API version", kind.Version, validation.IsDNS1035Label(kind.Version)), problem("resource", kind.Plural, validation.IsDNS1123Label(kind.Plural))); err != nil {
		return err
	}
	if kind.Namespaced && namespace == "" {
		return fmt.Errorf("%s %s has no namespace", kind.Kind, quoted(object))
	}
	if err := Namespace(namespace); err != nil {
		return err
	}
	if kind.Group == rbacGroup && rbacName.MatchString(object) {
		return nil
	}
	return name(kind, object)
}
