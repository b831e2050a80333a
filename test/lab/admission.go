package lab

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/pki"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// startAdmission runs the mutating admission webhook of the lab. The API server does not call it until Mutate registers it.
func (s *starter) startAdmission(ctx context.Context) error {
	program, err := s.copyProgram()
	if err != nil {
		return err
	}
	dir := filepath.Join(s.state.Dir, "certs", "admission")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of the admission webhook: %w", err)
	}
	ca, err := pki.NewAuthority(dir, "ca")
	if err != nil {
		return err
	}
	cert, key, err := ca.Issue("webhook")
	if err != nil {
		return err
	}
	port, err := process.FreePort()
	if err != nil {
		return err
	}
	s.state.Admission = fmt.Sprintf("127.0.0.1:%d", port)
	part := &process.Part{Name: "admission-webhook", Path: program, Args: []string{serveAdmission, cert, key, s.state.Admission}, Env: []string{ServeEnv + "=1"}, Address: s.state.Admission}
	return s.Run(ctx, part, 10*time.Second, process.TCPReady(s.state.Admission))
}

// Mutate enables a mutation of package admission for the Deployments and pods of some components, in the control plane's
// cluster. Existing objects change at their next update.
func (l *Lab) Mutate(ctx context.Context, mutation string, components ...string) error {
	bundle, err := os.ReadFile(filepath.Join(l.state.Dir, "certs", "admission", "ca.crt"))
	if err != nil {
		return fmt.Errorf("read the CA of the admission webhook: %w", err)
	}
	return l.Apply(ctx, "", fmt.Sprintf(`
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: lab-%[1]s}
webhooks:
  - name: %[1]s.lab.example.com
    clientConfig: {url: "https://%[2]s/%[1]s", caBundle: %[3]s}
    admissionReviewVersions: [v1]
    sideEffects: None
    objectSelector: {matchExpressions: [{key: openchoreo.dev/component, operator: In, values: [%[4]s]}]}
    rules:
      - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}
      - {apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE, UPDATE]}
`, mutation, l.state.Admission, base64.StdEncoding.EncodeToString(bundle), strings.Join(components, ", ")))
}
