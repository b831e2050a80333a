package binding

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	applyPrefix      = regexp.MustCompile(`(?s)^Failed to apply resources to target plane: failed to apply resource (\S+): (.*)$`)
	missingNamespace = regexp.MustCompile(`namespaces "([^"]+)" not found`)
	// missingResource: an apply creates the object that it does not find, so only its kind can be missing.
	missingResource = regexp.MustCompile(`^([a-z0-9]+\.[a-z0-9.-]+) "([^"]+)" not found$`)
)

// applyFailed reads the tail of the message. The apply stops at the first object that is refused, in the order of
// spec.resources, so everything behind it is missing too (renderedrelease/controller.go:267).
func applyFailed(p *view.Environment, j *result.Result, c kinds.Condition) *result.Result {
	j.Current = trace.Behind
	f := trace.Finding{Code: trace.CodeApplyFailed, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)}
	id, tail := "", c.Message
	if m := applyPrefix.FindStringSubmatch(c.Message); m != nil {
		id, tail = m[1], m[2]
	}
	refused := refusedObject(p, id)
	j.Summary = strings.TrimSuffix("not applied: "+cmp.Or(shortName(refused), id), ": ")
	if missingNamespace.MatchString(tail) && cellIsReady(p) && triesSoon(p, c) {
		// The first apply of a new project often comes a moment before its namespace, and is tried again.
		return j.Wait(view.LastTransition(c), "%s; its namespace exists now", j.Summary)
	}
	f.Hint = applyHint(p, j, &f, cmp.Or(shortName(refused), id), tail)
	if isImmutable(tail) {
		recreate(&f, refused)
	}
	readDefinition(&f, refused, tail)
	return j.Fail(f)
}

// refusedObject is the object that spec.resources has under an id; zero where it has none.
func refusedObject(p *view.Environment, id string) facts.Ref {
	for i, item := range kinds.Items(p.Rendered.Body, "spec", "resources") {
		if objects := p.PlaneObjects(); kinds.String(item, "id") == id && i < len(objects) {
			return objects[i].Ref
		}
	}
	return facts.Ref{}
}

func shortName(ref facts.Ref) string { return strings.TrimSpace(ref.Kind + " " + ref.Name) }

// isImmutable reports whether an object is refused because the API server never changes a field of it. Of a StatefulSet it names the
// fields that it would change (Kubernetes v1.36 pkg/apis/apps/validation).
func isImmutable(tail string) bool {
	return strings.Contains(tail, "field is immutable") || strings.Contains(tail, "updates to statefulset spec")
}

// recreate adds the command that deletes an object: OpenChoreo creates it again with its next apply.
func recreate(f *trace.Finding, ref facts.Ref) {
	if line := command.Format("kubectl delete %s %s -n %s", kinds.ResourceName(ref.Group, ref.Kind), ref.Name, ref.Namespace); line != "" {
		f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: ref.Plane, Command: line}}
	}
}

// readDefinition adds the command that reads the definition that the data plane lacks, or the fields that it has where one is missing.
func readDefinition(f *trace.Finding, ref facts.Ref, tail string) {
	line := ""
	if m := missingResource.FindStringSubmatch(tail); m != nil {
		line = command.Format("kubectl get crd %s", m[1])
	} else {
		line = command.ExplainParent(ref, tail)
	}
	if line != "" {
		f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: ref.Plane, Command: line}}
	}
}

// triesSoon reports whether OpenChoreo is about to apply again, now that the namespace has come.
func triesSoon(p *view.Environment, failed kinds.Condition) bool {
	ready := view.LastTransition(kinds.ConditionOf(p.Cells[0].Body, "NamespaceReady"))
	return !ready.IsZero() && view.IsRetryDue(p, view.LastTransition(failed), ready)
}

// applyHint reports whose the failure is, by the tail of the message (openchoreo v1.2.3 internal/cluster-gateway/server.go,
// internal/clients/kubernetes/proxy_client.go; Kubernetes v1.36).
func applyHint(p *view.Environment, j *result.Result, f *trace.Finding, id, tail string) string {
	if namespace := missingNamespace.FindStringSubmatch(tail); namespace != nil {
		return missingCell(p, j, f, namespace[1])
	}
	if strings.Contains(tail, "no agents found for plane") || strings.Contains(tail, "not authorized for CR") {
		return agentHint(p, j, f, tail)
	}
	// Other messages contain the whole object, and so the label as well.
	if strings.Contains(tail, "spec.selector: ") && strings.Contains(tail, "openchoreo.dev/component-uid") {
		return id + " still has the selector of a Component that was deleted and created again: delete it on the data plane, and OpenChoreo recreates it"
	}
	if resource := missingResource.FindStringSubmatch(tail); resource != nil && strings.HasSuffix(id, resource[2]) {
		return fmt.Sprintf("the data plane does not serve %s: install its CustomResourceDefinition there", resource[1])
	}
	for _, h := range applyHints() {
		if strings.Contains(tail, h.words) {
			return strings.ReplaceAll(h.means, "ID", id)
		}
	}
	return "OpenChoreo stops at the first object that it cannot apply; the objects after it are not applied either"
}

type refusedApply struct{ words, means string }

func applyHints() []refusedApply {
	return []refusedApply{
		{"being terminated", "the namespace is being deleted; OpenChoreo can create it again only after that"},
		{"HTTP tunnel request timeout", "the agent is connected, but the API server of the data plane does not respond within 30 s"},
		{"x509:", "a certificate between OpenChoreo and its cluster-gateway expired or was replaced: restart both after a rotation"},
		{"tls:", "a certificate between OpenChoreo and its cluster-gateway expired or was replaced: restart both after a rotation"},
		{"dial tcp", "OpenChoreo cannot connect to its cluster-gateway"},
		{"connection refused", "OpenChoreo cannot connect to its cluster-gateway"},
		{"field not declared in schema", "the CustomResourceDefinition on the data plane does not have this field of ID: it is probably too old"},
		{"could not find the requested resource", "the data plane does not serve the kind of ID: install its CustomResourceDefinition there"},
		{"no matches for kind", "the data plane does not serve the kind of ID: install its CustomResourceDefinition there"},
		{"violates PodSecurity", "the namespace enforces a Pod Security level that ID does not meet"},
		{"exceeded quota", "a ResourceQuota of the namespace is exceeded"},
		{"admission webhook", "an admission webhook on the data plane rejects ID"},
		{"field is immutable", "the release changes an immutable field of ID: delete it on the data plane, and OpenChoreo recreates it"},
		{"updates to statefulset spec", "the release changes an immutable field of ID: delete it on the data plane, and OpenChoreo recreates it"},
		{"is invalid:", "the API server of the data plane rejects ID: correct the value in the Workload, in the overrides of the ReleaseBinding, or in the template of the component type"},
		{"cannot patch resource", "the ClusterRole of the agent does not allow it to write ID on the data plane"},
		{"is forbidden", "a policy on the data plane rejects ID"},
	}
}

// agentHint: the request got as far as the gateway. The failure outlives the agent's return by the controller's back-off.
func agentHint(p *view.Environment, j *result.Result, f *trace.Finding, tail string) string {
	j.Cause = result.CausedBy(trace.RungEnvironment)
	if strings.Contains(tail, "not authorized for CR") {
		return "spec.clusterAgent.clientCA of the data plane does not match the certificate of its agent"
	}
	if back := kinds.Time(p.DataPlane().Body, "status", "agentConnection", "lastConnectedTime"); !agentAway(p) && back.After(f.Since) {
		f.Code = trace.CodeStaleApplyFailed
		p.Retriggers(f, j.Object)
		return "the agent has reconnected; OpenChoreo is backing off and will retry"
	}
	return "no agent of this data plane is connected: it is down, has another planeID, or its certificate is rejected"
}

// cellIsReady reports whether OpenChoreo has made the project's namespace.
func cellIsReady(p *view.Environment) bool {
	return len(p.Cells) == 1 && kinds.ConditionOf(p.Cells[0].Body, kinds.ConditionNamespaceReady).True()
}

// missingCell: the namespace is the cell's affair. When it is there again, the message has outlived its cause: the
// controller backs off and watches nothing but the RenderedRelease (seen in the lab).
func missingCell(p *view.Environment, j *result.Result, f *trace.Finding, namespace string) string {
	if p.BeforeCells() {
		return fmt.Sprintf("OpenChoreo before 1.2 creates namespace %s before each apply: check whether it was deleted since", namespace)
	}
	j.Cause = result.CausedBy(trace.RungCell)
	if !cellIsReady(p) {
		return "the namespace of the project in this environment does not exist"
	}
	f.Code = trace.CodeStaleApplyFailed
	p.Retriggers(f, j.Object)
	return fmt.Sprintf("namespace %s exists now; OpenChoreo is backing off and will retry", namespace)
}
