package kinds

// Reference names an object of the control plane. The zero value names nothing.
type Reference struct{ Group, Kind, Namespace, Name string }

// GitRevision is the Git revision behind a status: that of the artifact itself, or, for an OCI or generated artifact, the
// one that its producer wrote down. It is a digest where nobody did.
func GitRevision(revision, origin string) string {
	if Commit(revision) == "" && Commit(origin) != "" {
		return origin
	}
	return revision
}

// OriginRevision is the annotation of an artifact that names the Git revision it was made from.
const OriginRevision = "org.opencontainers.image.revision"
