export { DISK, type DiskRoom, readDiskRoom } from '../shared/diskRoom.ts'
