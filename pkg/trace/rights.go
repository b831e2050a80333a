package trace

import (
	"fmt"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// denial is how an API server says which right is missing (Kubernetes v1.36 apiserver
// pkg/endpoints/handlers/responsewriters/errors.go).
var denial = regexp.MustCompile(`User "([^"]+)" cannot (\w+) resource "([^"]+)" in API group "([^"]*)"( in the namespace "([^"]+)")?`)

// grant is the command with which an administrator gives the missing right: a Role where the question was about one
// namespace, else a ClusterRole. It must be bound to the user afterwards.
func grant(ref facts.Ref, reason string) []string {
	verb, resource, namespace := "get,list", "", ref.Namespace
	if m := denial.FindStringSubmatch(reason); m != nil {
		verb, resource, namespace = m[2], m[3], m[6]
		if m[4] != "" {
			resource += "." + m[4]
		}
	} else if k, ok := kinds.Lookup(ref.Group, ref.Kind); ok {
		resource = k.Resource().GroupResource().String()
	} else {
		return nil
	}
	if namespace == "" {
		return []string{fmt.Sprintf("kubectl create clusterrole choreo-%s --verb=%s --resource=%s", lower(ref.Kind), verb, resource)}
	}
	return []string{fmt.Sprintf("kubectl -n %s create role choreo-%s --verb=%s --resource=%s", namespace, lower(ref.Kind), verb, resource)}
}
