package kinds

// Reference names an object of the control plane. The zero value names nothing.
type Reference struct{ Group, Kind, Namespace, Name string }

// GitRevision returns the Git revision of a status: that of the artifact itself or, for an OCI or generated artifact, the one
// that its producer recorded. Without a record it returns the digest.
func GitRevision(revision, origin string) string {
	if Commit(revision) == "" && Commit(origin) != "" {
		return origin
	}
	return revision
}

// OriginRevision is the artifact annotation with the Git revision of its content.
const OriginRevision = "org.opencontainers.image.revision"
