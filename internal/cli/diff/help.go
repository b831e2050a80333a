package diff

const long = `Print what differs, as a unified diff. Without a flag, the objects in the cluster are compared with what the clone declares at the wanted
revision, built as Flux or Argo CD would build it, in the fields that Git sets. The clone is that in the current folder, or --repo.

  --server-side            the declared objects as the API server would store them, with defaults and admission: by a dry-run of a
                           server-side apply. It requires the rights to patch and to create the objects.
  --revision A..B          what the clone declares for the component at two revisions
  --live                   the live objects on the data plane, against what OpenChoreo has rendered, in the fields that were
                           rendered. What autoscalers, defaults and admission set is no difference.
  -e A -e B                two environments: the ReleaseBindings with their overrides, the releases, and the rendered objects with
                           their images. Names that contain the environment are no difference.
  --release A --release B  two ComponentReleases

Nothing is written. Secrets are not read, and values that are named like credentials are masked; with --mask-values also those of
environment variables, files and ConfigMaps. If the environment variable KUBECTL_EXTERNAL_DIFF is set, its program prints the diff,
as for kubectl diff.

Exit codes, as of kubectl diff:
  0    no difference
  1    a difference
  2    error: usage, no cluster, component not found
  4    some objects could not be read, or the API server refuses them
  130  interrupted
  143  terminated`

const examples = `  kubectl choreo diff greeter-service
  kubectl choreo diff greeter-service --server-side
  kubectl choreo diff greeter-service --revision main..feature
  kubectl choreo diff greeter-service --live
  kubectl choreo diff greeter-service --live -e production -o json
  kubectl choreo diff greeter-service -e staging -e production
  kubectl choreo diff greeter-service --release greeter-service-20261121-1 --release greeter-service-20261124-1`
