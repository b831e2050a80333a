package trace

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// The words in which the kubelet says that a pod names a Secret or ConfigMap, or a key in it, that does not exist (Kubernetes v1.36
// pkg/kubelet/kubelet_pods.go, pkg/volume/util).
var (
	objectNotFound = regexp.MustCompile(`(?i)\b(secret|configmap) "([^"]+)" not found`)
	keyNotFound    = regexp.MustCompile(`(?i)couldn't find key \S+ in (secret|configmap) [^/\s]+/([^\s,;]+)`)
)

// nameProducer names what should create the Secret or ConfigMap that a pod lacks, in the hint of the finding.
func (p *place) nameProducer(f *Finding, pod facts.Ref) {
	lacks := objectNotFound.FindStringSubmatch(f.Message)
	if lacks == nil {
		if lacks = keyNotFound.FindStringSubmatch(f.Message); lacks == nil {
			return
		}
	}
	ref := facts.Ref{Plane: pod.Plane, Kind: map[bool]string{true: "Secret", false: "ConfigMap"}[strings.EqualFold(lacks[1], "secret")], Namespace: pod.Namespace, Name: lacks[2]}
	for _, o := range p.planeObjects() {
		if o.ref.Namespace == ref.Namespace && produces(o, ref) {
			f.Hint = fmt.Sprintf("%s should create it%s", o.ref, p.asItReports(o))
			describe := kubectl(o.ref.Namespace, "describe %s %s", strings.ToLower(o.ref.Kind), o.ref.Name)
			f.Next = append(commands(onPlane(describe, o.ref.Plane)), f.Next...)
			return
		}
	}
	p.nameApplier(f, ref)
}

// nameApplier goes by the inventories, for what is delivered beside the release to the same cluster.
func (p *place) nameApplier(f *Finding, lacking facts.Ref) {
	for _, kind := range []facts.Ref{
		{Kind: lacking.Kind}, {Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}, {Group: kinds.SealedSecrets, Kind: "SealedSecret"},
	} {
		kind.Namespace, kind.Name = lacking.Namespace, lacking.Name
		for _, applier := range p.appliedBy(kind) {
			f.Hint = fmt.Sprintf("%s lists %s %s as applied: it was deleted since, or is of another cluster", applier.Ref, kind.Kind, kind.Name)
			return
		}
	}
	f.Hint += fmt.Sprintf("; nothing in the release creates %s %s", lacking.Kind, lacking.Name)
}

// produces reports whether an object of the release is, or creates, what is lacking (external-secrets v1
// apis/externalsecrets/v1/externalsecret_types.go; sealed-secrets v0.27; cert-manager v1.18 pkg/apis/certmanager/v1/types_certificate.go).
func produces(o planeObject, lacking facts.Ref) bool {
	if o.ref.Group == kinds.Core {
		return o.ref.Kind == lacking.Kind && o.ref.Name == lacking.Name
	}
	if lacking.Kind != "Secret" {
		return false
	}
	name := ""
	switch (facts.Ref{Group: o.ref.Group, Kind: o.ref.Kind}) {
	case facts.Ref{Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}:
		name = orElse(kinds.Text(o.declared, "spec", "target", "name"), o.ref.Name)
	case facts.Ref{Group: kinds.SealedSecrets, Kind: "SealedSecret"}:
		name = orElse(kinds.Text(o.declared, "spec", "template", "metadata", "name"), o.ref.Name)
	case facts.Ref{Group: kinds.CertManager, Kind: "Certificate"}:
		name = kinds.Text(o.declared, "spec", "secretName")
	}
	return name == lacking.Name
}

// asItReports is what a producer says of itself.
func (p *place) asItReports(o planeObject) string {
	known := o.live
	if known.Outcome != facts.Found && o.reported != nil {
		known = p.asReported(o)
	}
	for _, name := range []string{kinds.ConditionReady, "Synced"} {
		if c := kinds.ConditionOf(known.Body, name); c.Present() {
			if c.True() {
				return fmt.Sprintf(", and reports %s=True (%s): it was deleted since, or is of another name", name, c.Reason)
			}
			return fmt.Sprintf(", but reports %s=%s (%s)", name, c.Status, orElse(c.Message, c.Reason))
		}
	}
	return ""
}
