const both = ['Tus-Resumable', 'Upload-Length', 'Upload-Offset', 'Upload-Metadata', 'Upload-Defer-Length']

/** Headers of tus 1.0 (section Headers, and those of its extensions), for pages of other origins. */
export const tusHeaders = {
  sent: ['Upload-Checksum', 'Upload-Concat', 'X-HTTP-Method-Override', ...both],
  read: ['Tus-Version', 'Tus-Extension', 'Tus-Max-Size', 'Tus-Checksum-Algorithm', 'Upload-Expires', ...both],
}
