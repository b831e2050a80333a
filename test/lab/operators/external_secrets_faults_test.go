package operators

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
)

// lateStore creates the store once its absence was noticed, and refreshes the ExternalSecret as a person does.
func lateStore(ctx context.Context, p placed) error {
	if err := externalReady("False")(ctx, p); err != nil {
		return err
	}
	late := strings.Replace(store("{fake: {data: [{key: login, value: open-sesame}]}}"), "META", fmt.Sprintf("{name: late, namespace: %s}", p.namespace), 1)
	if err := shared.Lab.Apply(ctx, "", late); err != nil {
		return err
	}
	return p.refresh(ctx, "True")
}

// refresh does as the documentation of External Secrets says, until Ready has a status.
func (p placed) refresh(ctx context.Context, status string) error {
	if err := shared.Lab.Patch(ctx, p.externalSecret(), `{"metadata":{"annotations":{"force-sync":"1"}}}`); err != nil {
		return err
	}
	if err := externalReady(status)(ctx, p); err != nil {
		return err
	}
	return p.look(ctx)
}

// emptied takes the key out of the store once it was read.
func emptied(ctx context.Context, p placed) error {
	if err := externalReady("True")(ctx, p); err != nil {
		return err
	}
	if err := shared.Lab.Apply(ctx, "", "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: emptied}\nspec: {provider: {fake: {data: [{key: other, value: open-sesame}]}}}\n"); err != nil {
		return err
	}
	if err := shared.Lab.WaitFor(ctx, p.externalSecret(), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "Ready", "True", "SecretDeleted")
	}); err != nil {
		return err
	}
	return p.look(ctx)
}

// grantReader lets the account of a component read the Secrets of the namespace "vault", and refreshes its ExternalSecret.
func grantReader(ctx context.Context, p placed) error {
	if err := shared.Lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: v1
kind: Namespace
metadata: {name: vault}
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: vault}
stringData: {password: open-sesame}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: vault}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: vault}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: reader, namespace: %s}]
`, p.namespace)); err != nil {
		return err
	}
	return p.refresh(ctx, "True")
}
