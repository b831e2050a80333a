package addon

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// The processes of openchoreo-api: without security, and with authentication and authorization.
const (
	OpenAPI    = "openchoreo-api-open"
	SecuredAPI = "openchoreo-api-secured"
)

// The service accounts whose tokens the secured openchoreo-api accepts. Only Viewer may view ReleaseBindings.
const (
	Viewer   = "api-viewer"
	Stranger = "api-stranger"
)

// apiUsers are users of openchoreo-api. The Kubernetes API server is their identity provider: it signs tokens of service accounts and
// publishes the public key.
const apiUsers = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: ` + Viewer + `, namespace: default}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ` + Stranger + `, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: lab-published-keys}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:service-account-issuer-discovery"}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:unauthenticated"}]
---
apiVersion: openchoreo.dev/v1alpha1
kind: ClusterAuthzRole
metadata: {name: lab-viewer}
spec: {actions: ["component:view", "componentrelease:view", "deploymentpipeline:view", "environment:view", "project:view", "releasebinding:view", "workload:view"]}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ClusterAuthzRoleBinding
metadata: {name: lab-viewer}
spec:
  entitlement: {claim: sub, value: "system:serviceaccount:default:` + Viewer + `"}
  roleMappings: [{roleRef: {kind: ClusterAuthzRole, name: lab-viewer}}]
  effect: allow
`

const openSecurity = `{enabled: false}`

const securedSecurity = `
  enabled: true
  authentication: {jwt: {jwks: {skip_tls_verify: true}}}
  authorization: {enabled: true}
  subjects:
    user: {display_name: User, priority: 1, mechanisms: {jwt: {entitlement: {claim: sub, display_name: Name}}}}
identity:
  oidc: {issuer: "https://kubernetes.default", jwks_url: %s/openid/v1/jwks}
`

// startOpenChoreoAPI runs openchoreo-api twice. Both use the lab's cluster-gateway with mTLS.
func startOpenChoreoAPI(ctx context.Context, l Lab, _ string) error {
	if err := l.Apply(ctx, "", apiUsers); err != nil {
		return err
	}
	dir := filepath.Join(l.Dir(), "openchoreo-api")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create a folder for openchoreo-api: %w", err)
	}
	for name, security := range map[string]string{OpenAPI: openSecurity, SecuredAPI: fmt.Sprintf(securedSecurity, l.Server())} {
		port, err := process.FreePort()
		if err != nil {
			return err
		}
		config := filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(config, []byte(apiConfig(l, port, security)), 0o600); err != nil {
			return fmt.Errorf("write the configuration of openchoreo-api: %w", err)
		}
		address := fmt.Sprintf("http://127.0.0.1:%d", port)
		if err := l.Run(ctx, &process.Part{
			Name: name, Address: address, Args: []string{"--config=" + config}, Env: []string{"KUBECONFIG=" + l.AdminKubeconfig()},
		}, time.Minute, process.HTTPReady(address+"/ready")); err != nil {
			return err
		}
	}
	return nil
}

// apiConfig returns the configuration. It uses the client certificate of OpenChoreo's manager.
func apiConfig(l Lab, port int, security string) string {
	certs := filepath.Join(l.Dir(), "certs")
	return fmt.Sprintf(`
server: {bind_address: 127.0.0.1, port: %d}
cluster_gateway:
  enabled: true
  url: %s
  tls: {ca_cert_path: %s/ca.crt, client_cert_path: %[3]s/controller-manager.crt, client_key_path: %[3]s/controller-manager.key}
security: %[4]s
`, port, l.Gateway(), certs, security)
}
