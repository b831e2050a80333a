package lint

const long = `Build what the Flux Kustomizations in a checkout apply, and report errors before the merge: broken references, edited releases,
files that are never applied, objects that OpenChoreo's definitions reject, plain-text secrets. DIR is the root of the repository
(default: the current folder). Each finding has its file and line. Without --against, no cluster is
needed. Nothing is fetched.

The definitions are those of the release of OpenChoreo whose chart the repository installs, or of --openchoreo-version, or of the
newest release.

With --base, immutable objects are compared with the merge base of HEAD and that branch.

With --against, the objects that have changed since that merge base are also sent to the API server of a kubeconfig context, as a
dry-run of a server-side apply. It reports immutable fields, unknown fields and what admission denies before the merge. Nothing is
written, and no Secret is sent. This needs the rights to patch and create these objects.

Known findings can be suppressed:
  --baseline        a file with the findings of today, so that only new ones count; --update-baseline writes it
  .choreolint.yaml  in DIR: rules with another severity or off, names of objects that are declared elsewhere, paths to skip
  annotation        kubectl-choreo.dev/lint-ignore: "CODE, CODE: reason", for one object

The last line reports what was checked and what was suppressed.

Exit codes:
  0    no error found
  1    error: usage, folder not found, nothing to check, unknown --base or context
  2    at least one error; with --fail-on warning, at least one warning or error
  130  interrupted
  143  terminated`

const examples = `  kubectl choreo lint
  kubectl choreo lint --base origin/main --fail-on warning
  kubectl choreo lint --baseline .choreolint-baseline.json --update-baseline
  kubectl choreo lint gitops -o github --report sarif=lint.sarif
  kubectl choreo lint --base origin/main --against staging`
