package e2e

import (
	"context"
	"fmt"
)

// brokenSources break the source of a Kustomization that has already applied the component.
func brokenSources() []deliveryCase {
	fails := func(name, fault, code, message, patch string) deliveryCase {
		return deliveryCase{
			scenario:  scenario{name: name, fault: fault, want: failed("source", "", code, "GitRepository", "oc-TENANT-"+name, message)},
			ownSource: true, then: patchSource(patch),
		}
	}
	suspended := fails("source-suspended", "the source is suspended", "", "", `{"spec":{"suspend":true}}`)
	suspended.want, suspended.fix = healthyWith("SourceSuspended"), []string{"flux resume"}
	deleted := fails("source-absent", "somebody deletes the source", "SourceNotFound", "does not exist", "")
	deleted.then = func(ctx context.Context, n *tenant, name string) error {
		return shared.lab.Delete(ctx, n.ownSource(name))
	}
	include := fails("source-without-include", "the source includes a repository that does not exist", "SourceNotFound", "does not exist", `{"spec":{"include":[{"repository":{"name":"ghost"}}]}}`)
	include.want.object, include.want.finding = "ghost", "SourceIncludeUnavailable"
	return []deliveryCase{
		suspended, deleted,
		fails("source-without-secret", "the Secret of the source does not exist", "SourceAuthenticationFailed", `secrets "ghost" not found`, `{"spec":{"secretRef":{"name":"ghost"}}}`),
		fails("source-without-branch", "the source follows a branch that does not exist", "SourceReferenceNotFound", "couldn't find remote ref", `{"spec":{"ref":{"branch":"ghost"}}}`),
		fails("source-not-verified", "the source wants signed commits, and the keys are missing", "SourceVerificationFailed", "ghost", `{"spec":{"verify":{"mode":"HEAD","secretRef":{"name":"ghost"}}}}`),
		include,
		fails("source-misconfigured", "the source names a provider without its credentials", "SourceStalled", "", `{"spec":{"provider":"github"}}`),
		unreachableSource("oci-unreachable", "OCIRepository", "the registry of the OCIRepository does not answer", "url: \"oci://127.0.0.1:1/acme/shop\", insecure: true, interval: 1m, timeout: 5s"),
		unreachableSource("bucket-unreachable", "Bucket", "the server of the Bucket does not answer", "endpoint: \"127.0.0.1:1\", bucketName: shop, insecure: true, interval: 1m, timeout: 5s"),
	}
}

// unreachableSource changes the Kustomization to an unreachable source of another kind.
func unreachableSource(name, kind, fault, spec string) deliveryCase {
	return deliveryCase{
		scenario: scenario{name: name, fault: fault, want: failed("source", "", "SourceFetchFailed", kind, "oc-TENANT-"+name, "")},
		then: func(ctx context.Context, n *tenant, name string) error {
			if err := shared.lab.Apply(ctx, "", fmt.Sprintf("apiVersion: source.toolkit.fluxcd.io/v1\nkind: %s\nmetadata: {name: %s-%s, namespace: flux-system}\nspec: {%s}\n", kind, n.Prefix, name, spec)); err != nil {
				return err
			}
			return patchKustomization(fmt.Sprintf(`{"spec":{"sourceRef":{"kind":%q,"name":%q}}}`, kind, n.Prefix+"-"+name))(ctx, n, name)
		},
	}
}
