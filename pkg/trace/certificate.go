package trace

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// certificate reads the agent's certificate, or its authority, that was copied into the plane by value: when the agent's is
// renewed, nobody copies it again, and the next connection is refused (openchoreo v1.2.3
// internal/cluster-gateway/server.go:325).
func (p *place) certificate(j *judgement, plane facts.Object) {
	rest := []byte(kinds.Text(plane.Body, "spec", "clusterAgent", "clientCA", "value"))
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || p.now.Add(certificateClock).Before(c.NotAfter) {
			continue
		}
		f := Finding{
			Code: CodeAgentCertificate, Object: plane.Ref, Since: c.NotAfter,
			Message:  fmt.Sprintf("the client certificate in spec.clusterAgent.clientCA ended at %s", c.NotAfter.UTC().Format(time.RFC3339)),
			Hint:     "put the agent's present certificate authority into spec.clusterAgent.clientCA; until then no agent can connect anew",
			Evidence: []Evidence{{"spec.clusterAgent.clientCA NotAfter", c.NotAfter.UTC().Format(time.RFC3339)}},
		}
		if p.now.Before(c.NotAfter) {
			f.Since = time.Time{}
			f.Message = fmt.Sprintf("the client certificate in spec.clusterAgent.clientCA ends at %s", c.NotAfter.UTC().Format(time.RFC3339))
			j.note(Warning, f)
			return
		}
		if kinds.Bool(plane.Body, "status", "agentConnection", "connected") {
			j.note(Warning, f) // it goes on for as long as the connection lasts
			return
		}
		j.Summary = fmt.Sprintf("%s: the agent's certificate ended", plane.Ref)
		j.fail(f)
		return
	}
}

// planeGeneration: OpenChoreo never advances observedGeneration of a ClusterDataPlane after its creation (v1.2.3
// internal/controller/clusterdataplane/controller.go:79-98), so Flux's `wait: true` hangs after every edit of one.
func planeGeneration(j *judgement, plane facts.Object) {
	seen, known := kinds.Number(plane.Body, "status", "observedGeneration")
	if plane.Ref.Kind != "ClusterDataPlane" || !known || seen >= plane.Body.GetGeneration() {
		return
	}
	j.note(Info, Finding{
		Code: CodePlaneGenerationBug, Object: plane.Ref,
		Message: fmt.Sprintf("%s has generation %d, and OpenChoreo says that it saw %d", plane.Ref, plane.Body.GetGeneration(), seen),
		Hint:    "a fault of OpenChoreo, not of yours; a Kustomization with wait: true that applies it never becomes Ready, and the gateway does not hear of a new clientCA",
	})
}
