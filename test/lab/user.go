package lab

import (
	"context"
	"fmt"
	"path/filepath"

	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// User creates a kubeconfig for a user with the permissions of rules, which are the rules of a ClusterRole as YAML. It uses impersonation.
func (l *Lab) User(ctx context.Context, name, rules string) (kubeconfig string, err error) {
	if err := l.Apply(ctx, "", fmt.Sprintf(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: lab-%[1]s}
rules: %[2]s
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: lab-%[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: lab-%[1]s}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %[1]s}]
`, name, rules)); err != nil {
		return "", err
	}
	kubeconfig = filepath.Join(l.state.Dir, "user-"+name+".kubeconfig")
	return kubeconfig, writeKubeconfig(kubeconfig, "lab", l.state.Planes[""].Server, &clientcmdapi.AuthInfo{Token: userToken, Impersonate: name})
}
