package binding

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	applyPrefix      = regexp.MustCompile(`(?s)^Failed to apply resources to target plane: failed to apply resource (\S+): (.*)$`)
	missingNamespace = regexp.MustCompile(`namespaces "([^"]+)" not found`)
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
	j.Summary = strings.TrimSuffix("not applied: "+id, ": ")
	if missingNamespace.MatchString(tail) && cellIsReady(p) && triesSoon(p, c) {
		// The first apply of a new project often comes a moment before its namespace, and is tried again.
		return j.Wait(view.LastTransition(c), "%s; its namespace has come since", j.Summary)
	}
	f.Hint = applyHint(p, j, &f, id, tail)
	return j.Fail(f)
}

// triesSoon reports whether OpenChoreo is about to apply again, now that the namespace has come.
func triesSoon(p *view.Environment, failed kinds.Condition) bool {
	ready := view.LastTransition(kinds.ConditionOf(p.Cells[0].Body, "NamespaceReady"))
	return !ready.IsZero() && isDue(p, view.LastTransition(failed), ready)
}

// applyHint says whose the failure is, by the tail of the message (openchoreo v1.2.3 internal/cluster-gateway/server.go,
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
	for _, h := range applyHints() {
		if strings.Contains(tail, h.words) {
			return strings.ReplaceAll(h.means, "ID", id)
		}
	}
	return "the apply stops at the first object that is refused; those after it are missing too"
}

type refusedApply struct{ words, means string }

func applyHints() []refusedApply {
	return []refusedApply{
		{"being terminated", "the cell's namespace is being deleted: it can be created again only after that"},
		{"HTTP tunnel request timeout", "the agent is connected, but the plane's API server does not answer within 30 s"},
		{"x509:", "a certificate between OpenChoreo and its cluster-gateway ended or was replaced: restart both after a rotation"},
		{"tls:", "a certificate between OpenChoreo and its cluster-gateway ended or was replaced: restart both after a rotation"},
		{"dial tcp", "OpenChoreo does not reach its cluster-gateway"},
		{"connection refused", "OpenChoreo does not reach its cluster-gateway"},
		{"field not declared in schema", "the plane's CustomResourceDefinition is older than what ID renders: update it on the data plane"},
		{"could not find the requested resource", "the plane does not know the kind of ID: install its CustomResourceDefinition there"},
		{"no matches for kind", "the plane does not know the kind of ID: install its CustomResourceDefinition there"},
		{"violates PodSecurity", "the cell's namespace enforces a PodSecurity level that ID does not meet"},
		{"exceeded quota", "a ResourceQuota of the cell's namespace is used up"},
		{"admission webhook", "an admission webhook of the plane refuses ID"},
		{"field is immutable", "ID cannot be changed in this field: delete the object on the plane, and OpenChoreo makes it anew"},
		{"updates to statefulset spec", "a StatefulSet cannot be changed in this field: delete it on the plane, and OpenChoreo makes it anew"},
		{"is invalid:", "the plane refuses ID as rendered: a value of the workload or the template of its type is wrong"},
		{"cannot patch resource", "the agent's ClusterRole on the plane lacks the right to write ID"},
		{"is forbidden", "a policy of the plane refuses ID"},
	}
}

// agentHint: the request got as far as the gateway. The failure outlives the agent's return by the controller's back-off.
func agentHint(p *view.Environment, j *result.Result, f *trace.Finding, tail string) string {
	j.Cause = result.CausedBy(trace.RungEnvironment)
	if strings.Contains(tail, "not authorized for CR") {
		return "spec.clusterAgent.clientCA of the plane does not match the certificate of its agent"
	}
	if back := kinds.Time(p.DataPlane().Body, "status", "agentConnection", "lastConnectedTime"); !agentAway(p) && back.After(f.Since) {
		f.Code = trace.CodeStaleApplyFailed
		p.Retriggers(f, j.Object)
		return "the agent is back since; OpenChoreo backs off and will try again"
	}
	return "no agent takes orders for this plane: it is away, has another planeID, or its certificate is refused"
}

// cellIsReady reports whether OpenChoreo has made the project's namespace.
func cellIsReady(p *view.Environment) bool {
	return len(p.Cells) == 1 && kinds.ConditionOf(p.Cells[0].Body, kinds.ConditionNamespaceReady).True()
}

// missingCell: the namespace is the cell's affair. When it is there again, the message has outlived its cause: the
// controller backs off and watches nothing but the RenderedRelease (seen in the lab).
func missingCell(p *view.Environment, j *result.Result, f *trace.Finding, namespace string) string {
	if p.BeforeCells() {
		return fmt.Sprintf("OpenChoreo before 1.2 makes namespace %s itself, each time before it applies: was it deleted in between?", namespace)
	}
	j.Cause = result.CausedBy(trace.RungCell)
	if !cellIsReady(p) {
		return "the project's cell does not exist"
	}
	f.Code = trace.CodeStaleApplyFailed
	p.Retriggers(f, j.Object)
	return fmt.Sprintf("namespace %s exists now; OpenChoreo is backing off and will try again", namespace)
}
