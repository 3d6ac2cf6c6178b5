//! Files written whole or not at all: to a temporary file beside the path, then renamed.

use std::fs::Permissions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A path with what the system said when it could not be written.
pub type NotWritten = (PathBuf, io::Error);

/// Writes a file in the place of an earlier one, which keeps its permissions; a link keeps pointing to it.
///
/// # Errors
/// The file cannot be written; an earlier one is then untouched.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let file = stage(&target, bytes)?;
    file.persist(&target).map(|_| ()).map_err(|error| error.error)
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where it is, and whatever keeps it from being written.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A folder of that name is refused like a file, and not as something that cannot be written.
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    stage(path, bytes)?.persist_noclobber(path).map(|_| ()).map_err(|error| error.error)
}

/// Writes files that belong together: none is put in its place before all are on the disk.
///
/// # Errors
/// The first that cannot be written.
pub fn write_together<P: AsRef<Path>, B: AsRef<[u8]>>(files: &[(P, B)]) -> Result<(), NotWritten> {
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let path = path.as_ref();
        staged.push((path, stage(path, bytes.as_ref()).map_err(|error| (path.to_owned(), error))?));
    }
    for (path, file) in staged {
        file.persist(path).map_err(|error| (path.to_owned(), error.error))?;
    }
    Ok(())
}

/// Writes a temporary file beside a path, ready to take its place.
fn stage(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    if path.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let earlier = std::fs::metadata(path).ok().map(|meta| meta.permissions());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ragonomics-");
    // Temporary files are private, and stay so until one takes the place of a file that may be private itself.
    if let Some(ordinary) = ordinary_permissions().filter(|_| earlier.is_none()) {
        builder.permissions(ordinary);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if let Some(permissions) = earlier {
        std::fs::set_permissions(file.path(), permissions)?;
    }
    Ok(file)
}

/// What any new file asks for; the system takes away what the user's mask does.
#[cfg(unix)]
fn ordinary_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary_permissions() -> Option<Permissions> {
    None
}
