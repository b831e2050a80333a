package result

import (
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// denial is how an API server says which right is missing (Kubernetes v1.36 apiserver
// pkg/endpoints/handlers/responsewriters/errors.go).
var denial = regexp.MustCompile(`User "[^"]+" cannot (get|list|watch) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([a-z0-9-]+)"| at the cluster scope)`)

// Grant is the command with which an administrator gives the missing right: a Role where the question was about one
// namespace, else a ClusterRole. It must be bound to the user afterwards. An API server, or whoever answers for it, may write
// what it likes into the message; its words only count where they are about the kind that was read, and no more than reading.
func Grant(ref facts.Ref, reason string) []string {
	k, ok := kinds.Lookup(ref.Group, ref.Kind)
	if !ok {
		return nil
	}
	verb, resource, namespace := "get,list", k.Resource().GroupResource().String(), ref.Namespace
	if m := denial.FindStringSubmatch(reason); m != nil && m[2] == k.Plural && m[3] == k.Group {
		verb, namespace = m[1], m[4]
	}
	if namespace == "" {
		return command.Lines(command.Format("kubectl create clusterrole choreo-%s --verb=%s --resource=%s", Lower(ref.Kind), verb, resource))
	}
	return command.Lines(command.Kubectl(namespace, "create role choreo-%s --verb=%s --resource=%s", Lower(ref.Kind), verb, resource))
}
