package binding

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// certificate reads the agent's certificate, or its authority, that was copied into the plane by value: when the agent's is
// renewed, no controller copies it again, and the next connection is refused (openchoreo v1.2.3
// internal/cluster-gateway/server.go:325). Every certificate of the bundle is an anchor of trust, so the one that is valid for
// longest counts, wherever it is: after a rotation the expired one is usually left beside the new one.
func certificate(p *view.Environment, j *result.Result, plane facts.Object) {
	c := lastAnchor(p, kinds.Text(plane.Body, "spec", "clusterAgent", "clientCA", "value"))
	if c == nil || p.Now.Add(view.CertificateTimeout).Before(c.NotAfter) {
		return
	}
	f := trace.Finding{
		Code: trace.CodeAgentCertificateExpired, Object: plane.Ref, Since: c.NotAfter,
		Message:  fmt.Sprintf("the certificate in spec.clusterAgent.clientCA expired at %s", c.NotAfter.UTC().Format(time.RFC3339)),
		Hint:     "put the agent's current certificate authority into spec.clusterAgent.clientCA; until then no agent can reconnect",
		Evidence: []trace.Evidence{{Path: "spec.clusterAgent.clientCA NotAfter", Value: c.NotAfter.UTC().Format(time.RFC3339)}},
	}
	switch {
	case p.Now.Before(c.NotAfter):
		f.Since = time.Time{}
		f.Message = fmt.Sprintf("the certificate in spec.clusterAgent.clientCA expires at %s", c.NotAfter.UTC().Format(time.RFC3339))
		j.Note(trace.Warning, f)
	case kinds.Bool(plane.Body, "status", "agentConnection", "connected"):
		j.Note(trace.Warning, f) // it goes on for as long as the connection lasts
	default:
		j.Summary = fmt.Sprintf("%s: the agent's certificate expired", plane.Ref)
		j.Fail(f)
	}
}

// lastAnchor is the certificate of a bundle that is valid for longest, of those whose time has come; nil for none. Blocks that
// are no certificates are passed over, as Go's x509.CertPool does.
func lastAnchor(p *view.Environment, bundle string) *x509.Certificate {
	var last *x509.Certificate
	for rest := []byte(bundle); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return last
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err == nil && !p.Now.Before(c.NotBefore) && (last == nil || c.NotAfter.After(last.NotAfter)) {
			last = c
		}
	}
}

// planeGeneration: OpenChoreo never advances observedGeneration of a ClusterDataPlane after its creation (v1.2.3
// internal/controller/clusterdataplane/controller.go:79-98), so Flux's `wait: true` hangs after every edit of one.
func planeGeneration(j *result.Result, plane facts.Object) {
	seen, known := kinds.Number(plane.Body, "status", "observedGeneration")
	if plane.Ref.Kind != "ClusterDataPlane" || !known || seen >= plane.Body.GetGeneration() {
		return
	}
	j.Note(trace.Info, trace.Finding{
		Code: trace.CodePlaneGenerationNotObserved, Object: plane.Ref,
		Message: fmt.Sprintf("%s has generation %d, but status.observedGeneration is %d", plane.Ref, plane.Body.GetGeneration(), seen),
		Hint:    "this is a bug in OpenChoreo: a Kustomization with wait: true that applies it never becomes Ready, and the cluster-gateway does not get a new clientCA",
	})
}
